import type { ReactElement } from 'react';
import { Button, Modal } from '@mantine/core';
import type { FoundTag } from '#contract/wire/commands.ts';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { setOf, shortTag } from './pad.ts';
import { useItem } from './use-item.ts';

interface Props {
  readonly tag: FoundTag;
  readonly item: ItemDetail;
  readonly onKeep: () => void;
  readonly onOverwrite: () => void;
}

/** Both items by name. The focus is on the way out, so that a scanner's Enter overwrites nothing. */
export function ConfirmOverwrite({ tag, item, onKeep, onOverwrite }: Props): ReactElement {
  const { t } = useWords();
  const before = tag.content?.itemId ?? null;
  const { item: old, isUnknown } = useItem(before);
  const set = setOf(tag.content);
  return (
    <Modal
      opened
      onClose={onKeep}
      title={t('overwrite.title', { name: shortTag(tag.tag) })}
      closeButtonProps={{ 'aria-label': t('common.close'), size: 44 }}
    >
      <dl className="overwrite">
        <div>
          <dt>{t('overwrite.now')}</dt>
          <dd>
            {before === null ? (
              t('overwrite.unreadable')
            ) : (
              <>
                <span className="item-title block" lang={old?.language}>
                  {old?.title ?? (isUnknown ? t('encode.notInCatalogue') : '…')}
                </span>
                <span className="call-number">{before}</span>
                {set !== null && <span className="muted"> {t('encode.partOf', { ...set })}</span>}
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('overwrite.then')}</dt>
          <dd>
            <span className="item-title block" lang={item.language || undefined}>
              {item.title}
            </span>
            <span className="call-number">{item.barcode}</span>
          </dd>
        </div>
      </dl>
      <p>{t(before === null ? 'overwrite.whatUnreadable' : 'overwrite.what')}</p>
      <div className="overwrite-tools">
        <Button variant="default" data-autofocus onClick={onKeep}>
          {t('overwrite.keep')}
        </Button>
        <Button className="danger" onClick={onOverwrite}>
          {t('overwrite.do')}
        </Button>
      </div>
    </Modal>
  );
}
