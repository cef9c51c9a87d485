/** Key of the one query that says who is signed in. */
export const SESSION_KEY = ['session'] as const;
