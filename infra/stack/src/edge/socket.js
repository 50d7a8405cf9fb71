// Runs before the socket is asked: it has no path of its own but its stage.
function handler(event) {
  var request = event.request;
  request.uri = '/STAGE';
  return request;
}
