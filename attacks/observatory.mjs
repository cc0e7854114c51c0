// Scans the instance as Mozilla's Observatory scans a site: node observatory.mjs TLS_PORT HTTP_PORT.
// The host's name and the usual ports lead to the loopback address, so nothing leaves this machine.
import net from "node:net";

const [tlsPort, httpPort] = process.argv.slice(2).map(Number);
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  Object.assign(options, { host: "127.0.0.1", port: Number(options.port) === 443 ? tlsPort : httpPort, path: undefined });
  return connect.apply(this, given);
};

const { scan } = await import("@mdn/mdn-http-observatory");
const { scan: whole, tests } = await scan("jejak.test");
const failed = Object.entries(tests).filter(([, test]) => !test.pass).map(([name, test]) => `${name} ${test.result}`);
console.log(JSON.stringify({ grade: whole.grade, score: whole.score, failed }));
