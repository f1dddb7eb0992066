/** A page that comes back with errors starts at their summary; its links put the cursor into the field. */
export function focusErrors() {
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest("fieldset") || field.closest(".govuk-form-group") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
