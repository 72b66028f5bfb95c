import { KeyRound } from 'lucide-react'
import { texts } from '../ui/texts'
import './hero.css'

/** Shown instead of everything when the page has no token, or one that is no longer valid. */
export function Refused({ why }: { why: 'no-token' | 'token-refused' }) {
  const words = texts.refused[why]
  return (
    <main className="hero hero-page" data-testid="refused" data-why={why}>
      <KeyRound className="hero-icon" aria-hidden />
      <h1>{words.title}</h1>
      <p>{words.body}</p>
      <p data-testid="error-message">{texts.refused.hint}</p>
    </main>
  )
}
