// Open tabs of one person in this browser ask each other for text that is not saved yet. Nothing of it is stored.

const PATIENCE_MS = 300;
const { person } = document.body.dataset;
const channel = person && "BroadcastChannel" in window ? new BroadcastChannel(`jejak:${person}`) : null;
const listeners = {};
const questions = {};

// What this tab answers, or does, when another one says something of this kind.
export function onTabs(kind, listener) {
  (listeners[kind] ??= []).push(listener);
}

export function tellTabs(kind, about) {
  channel?.postMessage({ kind, about });
}

// Resolves to the first answer of another tab, or to null when none has one.
export function askTabs(kind, about) {
  if (!channel) return Promise.resolve(null);
  const number = `${Date.now()} ${Math.random()}`;
  return new Promise((resolve) => {
    questions[number] = resolve;
    channel.postMessage({ kind, about, number });
    setTimeout(resolve, PATIENCE_MS, null);
  }).finally(() => delete questions[number]);
}

function onMessage({ data: { kind, about, number, answer } }) {
  if (answer) return questions[number]?.(answer);
  for (const listener of listeners[kind] ?? []) {
    const given = listener(about);
    if (given && number) channel.postMessage({ number, answer: given });
  }
}

channel?.addEventListener("message", onMessage);
