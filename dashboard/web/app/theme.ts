import { createTheme } from '@mantine/core';

/** What is common to every control: fingers need 44 px. Colours and type are in tokens.css. */
export const theme = createTheme({
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    ActionIcon: { defaultProps: { size: 44, variant: 'subtle', color: 'gray' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 0 } } },
  },
});
