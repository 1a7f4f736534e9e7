resource "twilio_studio_flow" "lamps" {
  friendly_name = "Lamps"
  status        = "published"
  definition    = <<-EOF
  {
    "description": "Lamps of ${var.shop}",
    "initial_state": "Trigger",
    "states": [
      {"name": "Trigger", "type": "trigger", "transitions": [{"event": "incomingMessage", "next": "Ask"}], "properties": {}},
      {"name": "Ask", "type": "send-and-wait-for-reply", "transitions": [{"event": "incomingMessage", "next": "Bye"}], "properties": {"body": "Which lamp is it?", "timeout": "3600"}},
      {"name": "Bye", "type": "send-message", "transitions": [{"event": "sent"}], "properties": {"body": "Thank you, the ${var.shop} will call you."}}
    ]
  }
  EOF
  validate = true
}
