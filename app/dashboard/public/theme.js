// Runs before the first paint. Keep in step with src/ui/preferences.tsx.
try {
  var preferences = JSON.parse(localStorage.getItem("miyabi.preferences") || "{}");
  if (preferences.theme === "light" || preferences.theme === "dark") {
    document.documentElement.dataset.theme = preferences.theme;
  }
} catch (error) {
  // A full or forbidden storage is no reason to show nothing.
}
