// A small issuer of OpenID Connect: it lets everybody in who comes by code and PKCE, and renews each token once.
// @ts-check
import { createHash, randomUUID } from "node:crypto";

/** Where it is: another origin than the page's, which is all that the page's policy has to let through. */
export const ISSUER = "https://issuer.example";

export class MockIssuer {
  /** Access tokens that are good. @type {Set<string>} */
  good = new Set();
  /** Renewals so far. */
  renewals = 0;
  /** Whether who comes is sent back with a refusal. */
  refuses = false;
  /** What codes were given for, by the code. @type {Map<string, { challenge: string; home: string }>} */
  #codes = new Map();
  /** Refresh tokens that are good. @type {Set<string>} */
  #refresh = new Set();

  /** Tokens that were given out are good for nothing any more; `all`: not even for a renewal. */
  expire(all = false) {
    this.good.clear();
    if (all) this.#refresh.clear();
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response @param {URL} url */
  async answer(request, response, url) {
    const get = (/** @type {string} */ name) => url.searchParams.get(name) ?? "";
    switch (url.pathname) {
      case "/issuer/.well-known/openid-configuration":
        return send(response, 200, { issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token`, end_session_endpoint: `${ISSUER}/logout` });
      case "/issuer/authorize": {
        const wrong = get("response_type") !== "code" || get("client_id") !== "page" || get("code_challenge_method") !== "S256" || get("state") === "";
        if (wrong) return send(response, 400, { error: "invalid_request" });
        const back = new URL(get("redirect_uri"));
        back.searchParams.set("state", get("state"));
        if (this.refuses) back.searchParams.set("error", "access_denied");
        else {
          const code = randomUUID();
          this.#codes.set(code, { challenge: get("code_challenge"), home: get("redirect_uri") });
          back.searchParams.set("code", code);
        }
        response.writeHead(302, { location: back.href });
        return void response.end();
      }
      case "/issuer/token":
        return this.#token(new URLSearchParams(await text(request)), response);
      case "/issuer/logout":
        this.expire(true);
        response.writeHead(302, { location: get("post_logout_redirect_uri") });
        return void response.end();
      default:
        return send(response, 404, {});
    }
  }

  /** @param {URLSearchParams} form @param {import("node:http").ServerResponse} response */
  #token(form, response) {
    const get = (/** @type {string} */ name) => form.get(name) ?? "";
    if (get("grant_type") === "refresh_token") {
      // Each is good once, as strict issuers have it.
      if (!this.#refresh.delete(get("refresh_token"))) return send(response, 400, { error: "invalid_grant" });
      this.renewals += 1;
    } else {
      const code = this.#codes.get(get("code"));
      this.#codes.delete(get("code"));
      const challenge = createHash("sha256").update(get("code_verifier")).digest("base64url");
      if (!code || code.challenge !== challenge || code.home !== get("redirect_uri")) return send(response, 400, { error: "invalid_grant" });
    }
    const [access, refresh] = [randomUUID(), randomUUID()];
    this.good.add(access);
    this.#refresh.add(refresh);
    const claims = Buffer.from(JSON.stringify({ sub: "1", email: "ada@example.com" })).toString("base64url");
    send(response, 200, { access_token: access, refresh_token: refresh, id_token: `e30.${claims}.`, token_type: "Bearer", expires_in: 3600 });
  }
}

/** @param {import("node:http").ServerResponse} response @param {number} status @param {unknown} body */
function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** @param {import("node:http").IncomingMessage} request */
async function text(request) {
  let all = "";
  for await (const part of request) all += part;
  return all;
}
