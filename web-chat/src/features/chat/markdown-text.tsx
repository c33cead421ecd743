import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import remend from 'remend'

/** A model's text asks nothing of another server: an image is shown as its description alone. */
const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  // What is wider than the page scrolls in its own box, by keyboard too.
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => (
    <div tabIndex={0} className="overflow-x-auto rounded-sm">
      <table>{children}</table>
    </div>
  ),
  // The box of a list of tasks: nothing to tick here, so it is a sign and not a field.
  input: ({ checked }) => <span>{checked ? '☑' : '☐'}</span>,
  img: ({ alt }) => <span>{alt}</span>,
}
const PLUGINS = [remarkGfm]

/** Markdown without HTML; what is still being written is closed as if it ended here. */
export default function MarkdownText({ text, done }: { text: string; done: boolean }) {
  return (
    <div className="prose-chat">
      <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
        {done ? text : remend(text)}
      </Markdown>
    </div>
  )
}
