import type { ReactElement } from 'react';
import { ActionIcon, Button, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { CheckIcon, GlobeIcon, SchemeIcon } from '#dashboard/web/ui/icons.tsx';
import { languagesOffered, switchLanguage, useWords } from '#dashboard/web/words/i18n.ts';

const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

export function LanguageSwitch(): ReactElement {
  const { t, language, instance } = useWords();
  const current = languagesOffered().find((entry) => entry.code === language);
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<GlobeIcon />}
          className="language"
          aria-label={`${t('language.label')}: ${current?.name ?? language}`}
        >
          <span lang={language}>{current?.name ?? language}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {languagesOffered().map((entry) => (
          <Menu.RadioItem
            key={entry.code}
            value={entry.code}
            checked={entry.code === language}
            checkIcon={<CheckIcon />}
            closeMenuOnClick
            lang={entry.code}
            onChange={(code) => void switchLanguage(instance, code)}
          >
            {entry.name}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeSwitch(): ReactElement {
  const { t } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon aria-label={t('scheme.label')}>
          <SchemeIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map((scheme) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            checked={scheme === colorScheme}
            checkIcon={<CheckIcon />}
            closeMenuOnClick
            onChange={() => {
              setColorScheme(scheme);
            }}
          >
            {t(`scheme.${scheme}`)}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
