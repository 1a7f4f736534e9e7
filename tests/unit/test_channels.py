"""Conditions on the channel, as the platforms write them."""

import pytest
from neverask.readers.channels import asked_channels

ASKED = {
    "turn.activity.channelId == 'whatsapp'": ("whatsapp",),
    "=turn.activity.channelId == 'msteams' && user.known": ("msteams",),
    '=System.Activity.ChannelId = "facebook"': ("messenger",),
    "event.channel === 'web'": ("webchat",),
    'event.integration === "whatsapp"': ("whatsapp",),
    "$integrations.channel.name == 'whatsapp'": ("whatsapp",),
    '{"expression": "${system_integrations.channel.name} == \\"whatsapp\\""}': ("whatsapp",),
    "$integrations.voice_telephony": ("voice",),
    "event.channel == 'twilio_voice'": ("voice",),
    "turn.activity.channelId == 'twilio'": (),
    '$session.params.channel = "sms"': ("sms",),
    "platform equals whatsapp": (),
    "turn.activity.channelId != 'whatsapp'": (),
    "not (turn.activity.channelId == 'whatsapp')": (),
    "event.channel === 'web' || event.channel === 'whatsapp'": (),
    "user.tvChannel == 'sports'": (),
    "channel == 'gold'": (),
    "order.status == 'sent'": (),
}


@pytest.mark.parametrize(("condition", "channels"), ASKED.items())
def test_the_channel_that_a_condition_asks_for(condition: str, channels: tuple[str, ...]) -> None:
    assert asked_channels(condition) == channels
