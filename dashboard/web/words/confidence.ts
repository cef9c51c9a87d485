/** A number needs a word beside it: few people know whether 0.72 is much. */
export function confidenceWord(confidence: number): 'sure' | 'likely' | 'unsure' {
  if (confidence >= 0.9) return 'sure';
  return confidence >= 0.65 ? 'likely' : 'unsure';
}
