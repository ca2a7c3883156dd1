//! `vigie score`: adds scores, advice and reasons to comments, as they stream by.
