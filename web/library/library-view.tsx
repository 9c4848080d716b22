/** What was recorded and made on this device. */
export function LibraryView() {
  return <main class="library" aria-label="Library" />
}
