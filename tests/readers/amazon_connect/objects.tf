resource "aws_connect_contact_flow" "new_flow" {
  instance_id = aws_connect_instance.song.id
  name        = "Test"
  type        = "CONTACT_FLOW"
  content = jsonencode({
    Version     = "2019-10-30"
    StartAction = "a"
    Actions = [
      {
        Identifier = "a"
        Type       = "MessageParticipant"
        Parameters = { Text = "Hello, this is the lamp shop." }
        Transitions = { NextAction = "b" }
      },
      {
        Identifier = "b"
        Type       = "DisconnectParticipant"
        Parameters = {}
        Transitions = {}
      }
    ]
  })
}
