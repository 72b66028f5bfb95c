import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiError } from '../../src-preload/contract/errors'

/** A failure as a sentence, and what to do about it; `children`: a way to do it at once. */
export function ErrorMessage({ error, children }: { error: ApiError; children?: ReactNode }) {
  return (
    <div className="error-message" role="alert" data-testid="error-message" data-code={error.code}>
      <TriangleAlert aria-hidden />
      <div>
        {error.message}
        {error.hint !== undefined && <span className="soft"> {error.hint}</span>} {children}
      </div>
    </div>
  )
}
