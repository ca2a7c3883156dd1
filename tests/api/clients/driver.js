// Reads questions, a line of JSON each, and prints a line of JSON for each: what a client made of the answer.
'use strict';

const lines = require('readline').createInterface({ input: process.stdin });

// An answer, with the texts that its spans cut out of the comment: JavaScript counts in UTF-16 units by itself.
exports.answered = (question, answer) => {
  const cut = {};
  for (const [name, { spanScores }] of Object.entries(answer.attributeScores || {})) {
    cut[name] = spanScores.map(({ begin, end }) => question.body.comment.text.slice(begin, end));
  }
  return { status: 200, answer, cut };
};

exports.refused = (response) => ({
  status: response.status,
  message: response.data.error.message,
  details: response.data.error.details,
  retry_after: header(response.headers, 'retry-after'),
});

// Some clients hold headers in a map, some in an object.
const header = (headers, name) => (headers.get ? headers.get(name) : headers[name]);

// Asks every question of the service at the address that the command line names; none where the client knows its own.
exports.run = async (ask) => {
  for await (const line of lines) {
    console.log(JSON.stringify(await ask(process.argv[2], JSON.parse(line))));
  }
};
