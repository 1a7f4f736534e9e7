terraform {
  required_providers { twilio = { source = "twilio/twilio" } }
}
locals {
  flow_definition = jsonencode({
    "states": [
      {"transitions": [{"event": "incomingMessage", "next": "Ask"}], "type": "trigger", "name": "Trigger", "properties": {}},
      {"name": "Ask", "type": "send-and-wait-for-reply", "transitions": [{"event": "incomingMessage"}],
       "properties": {"body": "Which lamp is it?", "service": var.service_sid, "from": "${var.x}"}}
    ],
    "initial_state": "Trigger",
    "flags": {"allow_concurrent_calls": true}
  })
}
resource "twilio_studio_flows_v2" "x" { definition = local.flow_definition }
