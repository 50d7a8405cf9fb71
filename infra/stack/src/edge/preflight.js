// Runs before the API is asked: answers a browser that asks whether another origin's page may call the API.
function handler(event) {
  var request = event.request;
  var asked = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || !asked) {
    return request;
  }
  var origin = request.headers.origin ? request.headers.origin.value : '';
  if (ORIGINS.indexOf(origin) < 0) {
    return { statusCode: 403, statusDescription: 'Forbidden', headers: { vary: { value: 'Origin' } } };
  }
  return {
    statusCode: 204,
    statusDescription: 'No Content',
    headers: {
      'access-control-allow-origin': { value: origin },
      'access-control-allow-methods': { value: 'METHODS' },
      'access-control-allow-headers': { value: 'HEADERS' },
      'access-control-max-age': { value: 'SECONDS' },
      vary: { value: 'Origin' }
    }
  };
}
