// Sends a form that only says "go on" by itself; without this script its button does the same.
document.querySelector("form[data-go-on]")?.submit();
