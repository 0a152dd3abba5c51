// Python in the browser needs a server's address: from a disk it cannot start.
if (location.protocol === "file:") {
  document.querySelectorAll(".run-in-browser").forEach((link) => link.remove());
}
