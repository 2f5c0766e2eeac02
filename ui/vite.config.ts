import { defineConfig } from "vite";

/** The server that `npm run dev` sends API calls to: a running `grym studio`. */
const STUDIO = process.env["GRYM_STUDIO"] ?? "http://127.0.0.1:2727";

export default defineConfig({
  server: { port: 2728, proxy: { "/api": STUDIO, "/files": STUDIO, "^/\\?key=": STUDIO } },
  build: {
    outDir: "../grym_synth/web/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
});
