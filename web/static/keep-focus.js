// The theme takes the focus from a button that is pressed, to be rid of its tooltip.
// Who pressed it by keyboard must keep the place: Escape leads back to it.

for (const button of document.querySelectorAll(
  ".theme-switch-button, .search-button, .primary-toggle, .secondary-toggle")) {
  button.blur = () => {
    if (!button.matches(":focus-visible")) HTMLElement.prototype.blur.call(button);
  };
}
