import { createContext, useCallback, useContext, useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { CloseIcon } from './icons.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';

/** Long enough to read two lines aloud; it can also be closed. */
const SHOWN_MS = 10_000;

interface Toast {
  readonly id: number;
  readonly text: string;
}

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Says something went wrong with what was just done. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}

export function Toasts({ children }: { readonly children: ReactNode }): ReactElement {
  const { t } = useWords();
  const [toast, setToast] = useState<Toast | null>(null);
  const show = useCallback((text: string) => {
    setToast((last) => ({ id: (last?.id ?? 0) + 1, text }));
  }, []);
  const close = (): void => {
    setToast(null);
  };
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(close, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [toast]);
  return (
    <ToastContext.Provider value={show}>
      {children}
      <div role="alert" className="toasts">
        {toast !== null && (
          <div className="toast">
            <span>{toast.text}</span>
            <button type="button" className="plain-button" aria-label={t('common.close')} onClick={close}>
              <CloseIcon />
            </button>
          </div>
        )}
      </div>
    </ToastContext.Provider>
  );
}
