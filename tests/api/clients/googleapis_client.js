// Asks what stands on standard input through googleapis, built from the document that the service serves.
'use strict';

const { google } = require('googleapis');
const driver = require('./driver.js');

driver.run(async (base, { method, key, body }) => {
  const client = await google.discoverAPI(`${base}/$discovery/rest?version=v1alpha1`);
  try {
    const { data } = await client.comments[method]({ ...(key && { key }), resource: body });
    return driver.answered({ body }, data);
  } catch (error) {
    if (!error.response) throw error;
    return { ...driver.refused(error.response), told: error.message };
  }
});
