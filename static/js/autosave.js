// No word is lost while somebody writes. Every key is kept on this browser's disk at once; a few seconds after the last, and when
// the tab is hidden, the form goes to the site as a revision, never into what readers see. What the site has, the browser
// forgets. Whatever is left over, of a crash or an ended login, is offered when the form is opened again.

import { forget, keep, kept as keptOf } from "./drafts.js";

const LOCK = "commonplace.text.";
const SOON = 3000; // milliseconds after the last key
const AT_MOST = 20000; // while the keys never stop
const AGAIN = 10000; // after a failure
const PATIENCE = 30000; // with a line on which nothing comes back
const CARRIED = 60000; // bytes that a page on its way out may still send
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "writing", "began"]);

class LoggedOut extends Error {}

class Autosave {
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.about = box.dataset;
    this.line = box.querySelector(".saving-state");
    this.login = box.querySelector(".saving-login");
    form.autocomplete = "off"; // what a browser puts back by itself would pass for what the site has, begun from its newest state
    this.saved = this.snapshot();
    this.isHere = true;
    box.hidden = false;
    this.listen();
    this.claim();
    this.offerLeftOver();
  }

  get writing() {
    return this.form.elements.writing.value;
  }

  get key() {
    return this.keyOf(this.writing);
  }

  keyOf(writing) {
    return `${this.about.user}.${this.about.kind}.${this.about.entry || "new"}.${writing}`;
  }

  listen() {
    for (const event of ["input", "change"]) this.form.addEventListener(event, () => this.changed());
    document.addEventListener("submit", (event) => this.onSubmit(event)); // after whatever else looks at the form
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.comeBack()));
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.comeBack());
    addEventListener("online", () => this.save());
    addEventListener("beforeunload", (event) => {
      if (!this.isHere && this.isDirty() && !this.isSent) event.preventDefault();
    });
    this.box.querySelector("[data-again]").addEventListener("click", () => this.comeBack());
    new BroadcastChannel("commonplace.login").addEventListener("message", () => this.comeBack());
  }

  // A tab that is open holds the lock of its writing, so that no other offers its text as left over.
  claim() {
    const writing = this.writing;
    navigator.locks?.request(LOCK + writing, { ifAvailable: true }, (lock) => lock && new Promise(() => {}));
  }

  // What is written

  snapshot() {
    const typed = {};
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !NOT_KEPT.has(name)) (typed[name] ??= []).push(value);
    }
    return JSON.stringify(typed);
  }

  isDirty() {
    return this.snapshot() !== this.saved;
  }

  changed() {
    const now = this.snapshot();
    if (now === this.saved) return;
    this.keepHere(now);
    this.since ??= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(SOON, this.since + AT_MOST - Date.now())));
  }

  // One write at a time, and of what is typed meanwhile the newest.
  keepHere(typed) {
    this.toKeep = this.keepable(typed);
    this.keeping ??= this.keepNewest().finally(() => (this.keeping = undefined));
  }

  async keepNewest() {
    while (this.toKeep) {
      const next = this.toKeep;
      this.toKeep = undefined;
      this.isHere = await keep(this.key, next).then(
        () => true,
        () => false,
      );
    }
  }

  keepable(typed) {
    return { typed, at: Date.now(), began: this.form.elements.began?.value ?? "" };
  }

  async forgetHere(typed) {
    await this.keeping;
    await forget(this.key, typed).catch(() => {}); // a browser that keeps nothing has nothing to forget
  }

  // Saving

  async save() {
    clearTimeout(this.timer);
    if (this.isSaving) return;
    const typed = this.snapshot();
    if (typed === this.saved || this.isSent) return;
    this.isSaving = true;
    this.since = undefined;
    this.say(this.about.saving);
    try {
      this.underWay = this.send(typed);
      const answer = await this.underWay;
      this.saved = typed;
      await this.forgetHere(typed);
      this.welcome();
      this.say([`${this.about.saved} ${answer.at}`, answer.newer].filter(Boolean).join(" · "));
    } catch (error) {
      await this.failed(error);
    } finally {
      this.isSaving = false;
    }
    if (this.isDirty()) this.changed();
  }

  async send(typed, options) {
    let response = await this.post(typed, options);
    if (response.status === 403 && (await this.renewToken())) response = await this.post(typed, options);
    if (response.status === 403) throw new LoggedOut((await this.reasonIn(response)) ?? this.about.here);
    if (!response.ok) throw new Error((await this.reasonIn(response)) ?? this.about.here);
    return this.ours(response, "at");
  }

  // Between here and the site, others may answer in its name: the login of a hotel's network, a proxy.
  async ours(response, expected) {
    const answer = await response.json().catch(() => undefined);
    if (!answer?.[expected]) throw new Error(this.about.here);
    return answer;
  }

  post(typed, options = {}) {
    const letter = { method: "POST", body: this.letter(typed), headers: SAYS_JSON };
    return fetch(this.about.url, { ...letter, signal: AbortSignal.timeout(PATIENCE), ...options });
  }

  letter(typed) {
    const body = new URLSearchParams();
    for (const [name, values] of Object.entries(JSON.parse(typed))) {
      for (const value of values) body.append(name, value);
    }
    for (const name of NOT_KEPT) body.append(name, this.form.elements[name]?.value ?? "");
    body.append("entry", this.about.entry);
    return body;
  }

  async reasonIn(response) {
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return isJson ? (await response.json()).error : undefined;
  }

  // A login changes the token that every form of this page was given. False while nobody is logged in.
  async renewToken() {
    const state = await this.ask();
    if (!state) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = state.token;
    return true;
  }

  async ask(writing) {
    const query = writing ? `?writing=${encodeURIComponent(writing)}` : "";
    const options = { headers: SAYS_JSON, signal: AbortSignal.timeout(PATIENCE) };
    const response = await fetch(this.about.url + query, options);
    if (response.status === 403) return null;
    return this.ours(response, "token");
  }

  async failed(error) {
    await this.keeping;
    if (error instanceof LoggedOut) this.login.hidden = false;
    const isUnheard = error instanceof TypeError || error.name === "TimeoutError";
    const sentence = isUnheard ? this.about.offline : error.message;
    this.say(this.isHere ? sentence : this.about.nowhere);
    this.timer = setTimeout(() => this.save(), AGAIN);
  }

  welcome() {
    this.login.hidden = true;
  }

  // The page goes out of sight, perhaps for good. It may not wait for an answer.
  leave() {
    const typed = this.snapshot();
    if (typed === this.saved || typed === this.left || this.isSent) return;
    this.left = typed;
    keep(this.key, this.keepable(typed)).catch(() => {});
    const isSmall = this.letter(typed).toString().length < CARRIED;
    this.post(typed, { keepalive: isSmall }).catch(() => {});
  }

  async comeBack() {
    if (!this.login.hidden && (await this.renewToken().catch(() => false))) this.welcome();
    this.isSent = false;
    this.left = undefined;
    await this.save();
  }

  // Sending: not while the login has ended or the site is not reached, for the page would be gone with its text.

  async onSubmit(event) {
    if (event.target !== this.form || event.defaultPrevented || this.isSent) return;
    event.preventDefault();
    if (this.isAsking) return;
    this.isAsking = true;
    const button = event.submitter;
    const typed = this.snapshot();
    if (typed !== this.saved) this.keepHere(typed);
    try {
      await this.keeping;
      await this.underWay?.catch(() => {}); // an older text must not arrive after this one
      if (!(await this.renewToken())) throw new LoggedOut(this.about.here);
    } catch (error) {
      if (!(error instanceof LoggedOut)) error = new Error(this.about.wait);
      await this.failed(error);
      return;
    } finally {
      this.isAsking = false;
    }
    this.welcome();
    clearTimeout(this.timer);
    this.isSent = true;
    this.form.requestSubmit(button);
  }

  // What is left over

  async offerLeftOver() {
    for (const [key, kept, writing] of await this.leftOver()) {
      if (await isHeld(writing)) continue;
      const state = await this.ask(writing).catch(() => null);
      const typed = JSON.parse(kept.typed);
      const isThere = wasSent(state?.sent, typed) || isSame(state?.typed, typed);
      const isNeedless = isThere || kept.typed === this.snapshot();
      if (isNeedless) await forget(key, kept.typed);
      else this.offer(key, kept, writing);
    }
  }

  async leftOver() {
    const start = this.keyOf("");
    const rows = await keptOf(start).catch(() => []);
    return rows
      .map(([key, kept]) => [key, kept, key.slice(start.length)])
      .sort(([, one], [, other]) => other.at - one.at);
  }

  offer(key, kept, writing) {
    const shown = document.getElementById("kept-here").content.cloneNode(true);
    const section = shown.querySelector("section");
    const typed = JSON.parse(kept.typed);
    const at = new Date(kept.at).toLocaleString(document.documentElement.lang || undefined, WHEN);
    const beginning = (typed.body?.[0] ?? "").trim().split(/\s+/).slice(0, 12).join(" ");
    section.querySelector(".what").textContent = `${typed.title?.[0] || this.about.untitled} (${at}) ${beginning} …`;
    section.querySelector(".take").addEventListener("click", () => {
      section.remove();
      this.takeBack(kept, typed, writing);
    });
    section.querySelector(".drop").addEventListener("click", () => {
      forget(key);
      section.remove();
    });
    // A browser that was killed may come back with an older text than the site has: then both are offered.
    const there = document.querySelector(`.offer[data-writing="${CSS.escape(writing)}"]`);
    if (there && Number(there.dataset.at) * 1000 < kept.at) there.remove();
    this.form.before(shown);
  }

  // The form is as it was when the browser kept it, with what it began from, so that a save in between is still noticed.
  takeBack(kept, typed, writing) {
    if (this.isDirty()) this.save();
    for (const field of this.form.elements) {
      if (!field.name || NOT_KEPT.has(field.name) || field.type === "submit" || field.type === "file") continue;
      const values = typed[field.name] ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else field.value = values.shift() ?? "";
    }
    this.form.elements.writing.value = writing;
    if (this.form.elements.began && kept.began) this.form.elements.began.value = kept.began;
    this.claim();
    this.form.elements.body?.dispatchEvent(new Event("input", { bubbles: true }));
    this.changed();
  }

  say(sentence) {
    this.line.textContent = sentence;
  }
}

const SAYS_JSON = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
const WHEN = { dateStyle: "medium", timeStyle: "short" };

// The last words of a page may well have arrived, without an answer that the page lived to hear.
function isSame(there, here) {
  const isThere = ([name, values]) => name.startsWith("_") || JSON.stringify(there[name]) === JSON.stringify(values);
  return Boolean(there) && Object.entries(here).every(isThere);
}

// A form that was sent may have been gone back to, and written on in.
function wasSent(sent, typed) {
  return Boolean(sent) && ["title", "body"].every((name) => sent[name] === (typed[name]?.[0] ?? "").trim());
}

async function isHeld(writing) {
  const state = await navigator.locks?.query();
  return state?.held.some((lock) => lock.name === LOCK + writing) ?? false;
}

const box = document.querySelector(".saving");
if (box) new Autosave(box.closest("form"), box);
