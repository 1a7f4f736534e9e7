const text = 'Nothing of this is said.'
await axios.post('https://example.com', { text })
