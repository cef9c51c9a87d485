/** What goes over the line of a UHFReader18. */
import type { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import type { AnswerOf, CommandOf } from '#contract/codec/uhfreader/message.ts';
import type { AskLine } from '#gateway/drivers/ask-line.ts';

export type Command18 = CommandOf<typeof FAMILY_18>;
export type Answer18 = AnswerOf<typeof FAMILY_18>;
export type Line18 = AskLine<Command18, Answer18>;
