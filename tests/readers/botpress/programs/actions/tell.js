/**
 * Tells a customer what becomes of a lamp.
 * @title Tell
 */
const tell = async () => {
  const note = 'A note of the builders.'
  // text: 'Not said any more.'
  const said = await bp.cms.renderElement('builtin_text', {text: 'Your lamp is on its way.', typing: true}, event)
  await bp.events.replyToEvent(event, said)
  await bp.events.replyToEvent(event, await bp.cms.renderElement('#!builtin_text-more1', {}, event))
}
return tell()
