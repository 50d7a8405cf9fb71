import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * What a browser may do on this page. It goes into the built `index.html`, so that it holds on every static
 * origin. A server's own policy is held to as well, and names the one origin where people sign in; here it is not known yet. The development server needs inline scripts and gets none.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' https:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function head(): Plugin {
  return {
    name: "head",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
          injectTo: "head-prepend",
        },
        // The text's font comes with the page or not at all (`font-display: optional`): no text ever jumps.
        ...Object.keys(bundle ?? {})
          .filter((name) => /\/inter-latin-.*\.woff2$/.test(name))
          .map((name) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${name}`, crossorigin: true },
            injectTo: "head" as const,
          })),
      ],
    },
  };
}

export default defineConfig({
  plugins: [react(), head()],
  build: {
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    // Inlined assets would need `data:` in the policy for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": process.env["MIYABI_API_URL"] ?? "http://127.0.0.1:4510",
      "/ws": { target: process.env["MIYABI_API_URL"] ?? "http://127.0.0.1:4510", ws: true },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
