import { defineConfig } from 'vite'

// The server, as one file for Node; its few dependencies stay in node_modules.
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'edge-server/main.ts',
    outDir: 'dist/server',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'main.js' } },
  },
})
