# The way in which Terraform's own documents write a flow: keys without quotation marks, items on lines of their own.
variable "closed" { default = "We are closed." }

resource "twilio_studio_flows_v2" "lamps" {
  friendly_name  = "lamps"
  status         = "published"
  commit_message = "What shall we call this?"
  definition = jsonencode({
    description   = "lamps, with \"quotes\""
    initial_state = "Trigger"
    flags         = { allow_concurrent_calls = true }
    states = [
      {
        name        = "Trigger"
        type        = "trigger"
        properties  = { offset = { x = 0, y = -10.5 } }
        transitions = [{ event = "incomingMessage", next = "Which" }, { event = "incomingCall" }] // a call
      },
      { # the question
        name = "Which", type = "send-and-wait-for-reply",
        properties = {
          service = twilio_chat_services_v2.x.sid
          from    = "{{flow.channel.address}}"
          body    = "Which lamp is it, ${var.names["first"]}?"
          timeout = "3600"
        }
        transitions = concat([], [{ event = "timeout" }])
      },
      {
        "name" : "Thanks",
        "type" = "send-message",
        transitions = [{ event = "sent", next = "Bye" }, ],
        properties = {
          body = <<-EOT
            Thank you.
            Our "${var.colour}" shop calls you.
          EOT
        }
      },
      {
        name        = "Bye"
        type        = "send-message"
        transitions = []
        properties  = {
          body = format("See you soon, dear %s!", upper(var.name))
          from = var.is_live ? "+31" : var.number
        }
      },
    ]
  })
}

resource "twilio_studio_flows_v2" "joined" {
  definition = jsonencode({
    initial_state = "Trigger"
    states        = concat(local.states, local.more)
  })
}
