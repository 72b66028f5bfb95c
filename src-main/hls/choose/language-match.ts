/**
 * The languages of a choice such as `en, de`, in one form each: three-letter codes become two-letter ones
 * where there are such (ISO 639).
 */
export function languagesOf(choice: string): readonly string[] {
  return choice.split(',').map((language) => canonical(language.trim()))
}

/** True where a rendition's language is one of the wanted ones, or a variety of one: `en-GB` is `en`, but `en` is not `en-GB`. */
export function isWanted(language: string | undefined, wanted: readonly string[]): boolean {
  if (language === undefined) return false
  const own = canonical(language)
  return wanted.some((tag) => own === tag || own.startsWith(`${tag}-`))
}

function canonical(language: string): string {
  try {
    return (Intl.getCanonicalLocales(language)[0] ?? language).toLowerCase()
  } catch {
    // Sources write what they like there; then it only equals itself.
    return language.toLowerCase()
  }
}
