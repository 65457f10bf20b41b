// The entry. It imports nothing, so that it can say so when one of the others does not arrive.
import("./start.js").catch((error) => {
  console.warn(error);
  const text = document.createElement("p");
  text.setAttribute("role", "alert");
  text.textContent = "Roster could not be loaded. Check your connection.";
  const retry = document.createElement("button");
  retry.textContent = "Load again";
  retry.addEventListener("click", () => location.reload());
  const box = document.createElement("main");
  box.className = "starting";
  box.append(text, retry);
  document.getElementById("app").replaceChildren(box);
});
