import { Fragment, type ReactElement } from 'react';
import { Modal, Switch } from '@mantine/core';
import { useWords } from '#dashboard/web/words/i18n.ts';
import type { Keyboard } from './use-keyboard.ts';

const KEYS = [
  { keys: ['/'], word: 'keys.search' },
  { keys: ['g', 'f'], word: 'nav.find' },
  { keys: ['g', 'm'], word: 'nav.map' },
  { keys: ['g', 'w'], word: 'nav.workList' },
  { keys: ['g', 's'], word: 'nav.space' },
  { keys: ['g', 't'], word: 'nav.tags' },
  { keys: ['g', 'r'], word: 'nav.wand' },
  { keys: ['g', 'd'], word: 'nav.devices' },
  { keys: ['←', '→', '↑', '↓'], word: 'keys.pan' },
  { keys: ['+', '−', '0'], word: 'keys.zoom' },
  { keys: ['Esc'], word: 'keys.close' },
  { keys: ['?'], word: 'keys.help' },
] as const;

interface Props {
  readonly keyboard: Keyboard;
  readonly onClose: () => void;
}

export function KeyboardHelp({ keyboard, onClose }: Props): ReactElement {
  const { t } = useWords();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('common.close'), size: 44 }}
    >
      <dl className="keys">
        {KEYS.map(({ keys, word }) => (
          <Fragment key={word}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(word)}</dd>
          </Fragment>
        ))}
      </dl>
      <Switch
        label={t('keys.on')}
        checked={keyboard.isOn}
        size="md"
        onChange={(event) => {
          keyboard.setOn(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}
