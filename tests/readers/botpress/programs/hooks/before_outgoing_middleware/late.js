  async function hook() {
    // bp.events.replyToEvent(event, [{ type: 'text', text: 'Not said any more.' }])
    bp.events.replyToEvent(event, [{ type: 'text', text: 'We are closed at this hour.' }])
  }
  return hook()
