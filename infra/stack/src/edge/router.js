// Runs before the page's bucket is asked: a path that is a place in the page, and no file, is the document.
function handler(event) {
  var request = event.request;
  var path = request.uri;
  var last = path.slice(path.lastIndexOf('/') + 1);
  var dot = last.lastIndexOf('.');
  var ending = dot < 0 ? '' : last.slice(dot + 1);
  if (!path.startsWith('/ASSETS') && ENDINGS.indexOf(ending) < 0) {
    request.uri = '/DOCUMENT';
  }
  return request;
}
