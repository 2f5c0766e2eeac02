/** Words of the server: what stands between backticks is something to type. */

export function Told({ text }: { readonly text: string }) {
  return (
    <>
      {text.split("`").map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}
    </>
  );
}
