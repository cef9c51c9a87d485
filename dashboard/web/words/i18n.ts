import { createInstance, type i18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { chooseLanguage, type Language } from './languages.ts';
import type { Words } from './place-words.ts';

const CHOICE_KEY = 'shelfwise-language';
const FALLBACK = 'en';

async function getFile(name: string): Promise<unknown> {
  const response = await fetch(`/locales/${name}.json`);
  if (!response.ok) throw new Error(`locale file ${name} answered ${response.status}`);
  return response.json();
}

function storedChoice(): string | null {
  try {
    return localStorage.getItem(CHOICE_KEY);
  } catch {
    return null;
  }
}

let offered: readonly Language[] = [];

/** Languages are files, so that a library adds its own without a build; English fills what a file lacks. */
export async function startLanguages(): Promise<i18n> {
  offered = (await getFile('languages')) as readonly Language[];
  const language = chooseLanguage(offered, [storedChoice(), ...navigator.languages]);
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: FALLBACK,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(
      await Promise.all(
        [...new Set([language, FALLBACK])].map(async (code) => [code, { translation: await getFile(code) }] as const),
      ),
    ) as Record<string, { translation: Record<string, string> }>,
  });
  document.documentElement.lang = language;
  return instance;
}

export function languagesOffered(): readonly Language[] {
  return offered;
}

export async function switchLanguage(instance: i18n, code: string): Promise<void> {
  if (!instance.hasResourceBundle(code, 'translation')) {
    instance.addResourceBundle(code, 'translation', await getFile(code));
  }
  await instance.changeLanguage(code);
  document.documentElement.lang = code;
  try {
    localStorage.setItem(CHOICE_KEY, code);
  } catch {
    // Storage is switched off: the choice holds until the page is closed.
  }
}

/** The one way screens get their words. */
export function useWords(): { readonly t: Words; readonly language: string; readonly instance: i18n } {
  const { t, i18n: instance } = useTranslation();
  return { t: t as unknown as Words, language: instance.language, instance };
}
