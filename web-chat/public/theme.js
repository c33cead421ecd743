// Runs before the first paint, as a file of its own: the content security policy allows no inline script.
;(function () {
  var theme = null
  try {
    theme = localStorage.getItem('tradehelm.theme')
  } catch {
    // Storage can be switched off; the system's theme is used then.
  }
  var dark =
    theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
