// Asking the site. An answer that is no JSON (a proxy's page, the login) is a failure like any other.

export class Refused extends Error {}

// XMLHttpRequest, because it alone tells how much of an upload has gone.
export function ask(address, fields, { token, signal, onProgress } = {}) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", token);
    request.onload = () => {
      const answer = parsed(request);
      if (answer && request.status < 300) resolve(answer);
      else reject(new Refused(answer?.error ?? ""));
    };
    request.onerror = () => reject(new Refused(""));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

export async function read(address, fields, { signal, failed } = {}) {
  const response = await fetch(`${address}?${new URLSearchParams(fields)}`, { signal });
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer) throw new Refused(answer?.error ?? failed);
  return answer;
}

function parsed(request) {
  if (!request.getResponseHeader("Content-Type")?.startsWith("application/json")) return null;
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}
