// Says in X-Seen what it has read: method, target and body in hexadecimal digits.
require('http').createServer({ keepAliveTimeout: 60000 }, (request, response) => {
  const body = [];
  request.on('data', (piece) => body.push(piece));
  request.on('end', () => {
    const hex = Buffer.concat(body).toString('hex');
    response.writeHead(200, { 'X-Seen': `${request.method} ${request.url} ${hex}`.trim(), 'Content-Length': 0 });
    response.end();
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
