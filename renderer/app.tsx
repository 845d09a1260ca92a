import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { client } from './state/client.ts';
import { useTheme } from './state/look.ts';
import { useSettings } from './state/queries.ts';
import { theme, tokensForMantine } from './theme.ts';
import { Frame } from './frame/index.ts';

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Themed />
    </QueryClientProvider>
  );
}

function Themed() {
  const settings = useSettings().data;
  const look = useTheme(settings?.theme ?? 'system', settings?.language);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={tokensForMantine}
      forceColorScheme={look === 'light' ? 'light' : 'dark'}
    >
      <Frame />
    </MantineProvider>
  );
}
