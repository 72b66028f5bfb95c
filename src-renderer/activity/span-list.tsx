import type { Span } from '../../src-preload/contract/model'
import { spanLabel } from '../timeline/spans'
import { spanText } from '../timeline/tip-text'
import { texts } from '../ui/texts'

const MOST_SHOWN = 100

/** What the source marked, newest first; a click goes to its start. */
export function SpanList(props: { spans: readonly Span[]; onOpen: (ms: number) => void }) {
  const { spans, onOpen } = props
  const shown = spans.slice(-MOST_SHOWN).toReversed()
  return (
    <ul className="stretch-list" data-testid="span-list">
      {shown.map((span) => (
        <li key={span.id}>
          <button type="button" className="stretch-row" onClick={() => onOpen(span.fromMs)}>
            <span className="span-swatch" data-kind={span.kind} aria-hidden />
            <span>
              {spanLabel(span)}
              <span className="soft stretch-detail">
                {span.label === '' ? '' : `${texts.spanKinds[span.kind]} · `}
                {spanText(span)}
              </span>
            </span>
          </button>
        </li>
      ))}
      {spans.length > MOST_SHOWN && (
        <li className="soft">{texts.activity.more(spans.length - MOST_SHOWN)}</li>
      )}
    </ul>
  )
}
