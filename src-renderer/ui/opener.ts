/** What had the focus when something was opened. */
export interface Opener {
  /** Focuses it again, unless the focus has gone elsewhere meanwhile or it is gone. */
  giveBack(): void
}

export function openerNow(): Opener {
  const opener = document.activeElement
  return {
    giveBack() {
      const isFree = document.activeElement === null || document.activeElement === document.body
      if (isFree && opener instanceof HTMLElement && opener.isConnected) opener.focus()
    },
  }
}
