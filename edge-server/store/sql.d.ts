/** SQL files come in as text. */
declare module '*.sql?raw' {
  const text: string
  export default text
}
