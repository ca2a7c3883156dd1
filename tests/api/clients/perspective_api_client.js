// Asks what stands on standard input through perspective-api-client. Where a base is given, its requests are sent there: it
// has no setting for that, but the axios that it uses lets requests be changed on their way.
'use strict';

const Perspective = require('perspective-api-client');
const driver = require('./driver.js');

const HOST = 'https://commentanalyzer.googleapis.com';
const own = require.resolve('perspective-api-client');
const axios = require(require.resolve('axios', { paths: [own] }));
const base = process.argv[2];
if (base) {
  axios.interceptors.request.use((request) => ({ ...request, url: request.url.replace(HOST, base) }));
}

driver.run(async (_, { key, body }) => {
  const client = new Perspective({ apiKey: key });
  try {
    return driver.answered({ body }, await client.analyze(body, { validate: false }));
  } catch (error) {
    if (!error.response) throw error;
    return { ...driver.refused(error.response), told: `${error.name}: ${error.message}` };
  }
});
