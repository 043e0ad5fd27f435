// The button says what it will do: a date that is still to come, by the site's own clock, makes "Publish" a "Schedule".

const button = document.querySelector("button[name=_publish][data-clock]");
const date = document.querySelector("input[name=published_at]");

function stamp(wall) {
  return Date.parse(`${wall}Z`); // both are times of the same wall clock, whatever its zone
}

if (button && date) {
  const opened = stamp(button.dataset.clock) - performance.now();
  const tell = () => {
    const isLater = stamp(date.value) > opened + performance.now();
    button.textContent = isLater ? button.dataset.later : button.dataset.now;
  };
  date.addEventListener("input", tell);
  date.addEventListener("change", tell);
}
