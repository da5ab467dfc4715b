// Reads a QR code from the camera or from a photo into the field beside it. Nothing leaves the browser before the form is sent.

const LARGEST_SIDE = 1200;

function read(source, width, height) {
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  paper.drawImage(source, 0, 0, canvas.width, canvas.height);
  const image = paper.getImageData(0, 0, canvas.width, canvas.height);
  const code = window.jsQR(image.data, image.width, image.height);
  return code ? code.data : "";
}

function island(box) {
  const field = box.querySelector("[data-scan-into]");
  const state = box.querySelector("[data-scan-state]");
  const video = box.querySelector("[data-scan-video]");
  const camera = box.querySelector("[data-scan-camera]");
  const photo = box.querySelector("[data-scan-photo]");
  let stream = null;

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
  }
  function found(text) {
    field.value = text;
    state.textContent = state.dataset.found;
    field.focus();
    stop();
  }
  function look() {
    if (!stream) return;
    const text = video.readyState >= 2 ? read(video, video.videoWidth, video.videoHeight) : "";
    if (text) found(text);
    else window.setTimeout(look, 150);
  }
  async function open() {
    if (stream) {
      stop();
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      state.textContent = state.dataset.denied;
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    look();
  }
  async function fromPhoto() {
    if (!photo.files.length) return;
    let text = "";
    try {
      const image = await createImageBitmap(photo.files[0]);
      text = read(image, image.width, image.height);
    } catch {
      text = "";
    }
    if (text) found(text);
    else state.textContent = state.dataset.none;
    photo.value = "";
  }

  box.querySelector("[data-scan-tools]").hidden = false;
  camera.hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  camera.addEventListener("click", open);
  photo.addEventListener("change", fromPhoto);
}

document.querySelectorAll("[data-scan]").forEach(island);
