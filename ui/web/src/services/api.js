// HTTP calls to the till, and the first of them: who am I, sign in, sign out. Live data never comes this way.
// It must not know the state or any component. Every failure is an ApiError with words for the reader.

/** status 0 means that nothing answered. `retryAfter` is in seconds, or null. */
export class ApiError extends Error {
  constructor(status, text, retryAfter = null) {
    super(text);
    this.name = "ApiError";
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const TIME_LIMIT = 15_000;

function retryAfterOf(response, problem) {
  for (const raw of [response.headers.get("Retry-After"), problem.retryAfter, problem.retry_after]) {
    const seconds = raw === null || raw === undefined || raw === "" ? NaN : Number(raw);
    if (Number.isFinite(seconds) && seconds > 0) return Math.ceil(seconds);
  }
  return null;
}

async function bodyOf(response) {
  const text = await response.text();
  if (text === "") return {};
  try {
    const body = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** The JSON answer of a path of the till. */
export async function call(path, options = {}) {
  let response;
  let body;
  try {
    response = await fetch(path, {
      ...options,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      headers: { Accept: "application/json, application/problem+json", ...options.headers },
      signal: AbortSignal.timeout(TIME_LIMIT),
    });
    body = await bodyOf(response);
  } catch {
    throw new ApiError(0, "The till does not answer.");
  }
  if (!response.ok) {
    const text = typeof body.detail === "string" ? body.detail : typeof body.title === "string" ? body.title : "";
    throw new ApiError(response.status, text, retryAfterOf(response, body));
  }
  return body;
}

function asJson(body) {
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** {username, role, csrfToken, ...} of the signed-in user, or of a screen's token; ApiError 401 when nobody is. */
export function me(token = null) {
  return call("/api/auth/me", token === null ? {} : { headers: { Authorization: `Bearer ${token}` } });
}

/** Signs in and sets the session cookie; answers like `me`. `stay` lets the session outlive the browser. */
export async function login(username, password, stay = false) {
  const wish = stay ? { staySignedIn: true } : {};
  const answer = await call("/api/auth/login", { method: "POST", ...asJson({ username, password, ...wish }) });
  return answer.username && answer.role ? answer : { ...(await me()), ...answer };
}

/** Something that changes the till; needs the session's token against foreign pages. */
export function post(path, content, csrfToken) {
  const { headers, body } = asJson(content);
  return call(path, { method: "POST", body, headers: { ...headers, "X-CSRF-Token": csrfToken ?? "" } });
}

export const logout = (csrfToken) => post("/api/auth/logout", {}, csrfToken);

/** Signs out on every device. */
export const logoutEverywhere = (csrfToken) => post("/api/auth/sessions/end/", { id: null }, csrfToken);
