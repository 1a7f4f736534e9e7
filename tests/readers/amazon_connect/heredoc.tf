resource "aws_connect_contact_flow" "goodbye" {
  instance_id = var.connect_instance_id
  name        = "Goodbye"
  type        = "CONTACT_FLOW"
  content     = <<JSON
{
  "Version": "2019-10-30",
  "StartAction": "a",
  "Actions": [
    {"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Goodbye, and thank you."}, "Transitions": {"NextAction": "b"}},
    {"Identifier": "b", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
  ]
}
JSON
}
