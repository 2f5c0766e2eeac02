/** The page's half of what opens the studio: it came with the printed address, and stays in this origin's storage. */

const NAME = "grym-word";

function held(): string {
  const address = new URL(location.href);
  const told = address.searchParams.get("word");
  if (told !== null) {
    localStorage.setItem(NAME, told);
    history.replaceState(null, "", address.pathname + address.hash);
  }
  return localStorage.getItem(NAME) ?? "";
}

export const word = held();

/** What every call of the API says beside the cookie. */
export const WORD = { "X-Grym-Word": word };

/** The address of something that the browser gets by itself, without headers of ours. */
export const spoken = (path: string): string => `${path}${path.includes("?") ? "&" : "?"}word=${word}`;
