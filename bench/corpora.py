#!/usr/bin/env python3
"""Make synthetic canned-reply corpora for benchmarks.

    corpora.py OUT_DIR [--seed N] [--replies N] [--only NAME[,NAME...]]

Everything is made up: no text, name, number or address comes from a real
company or a real customer. The output depends on the seed and on nothing else
(only random.Random.random() is drawn from, whose sequence Python guarantees), and
reply number i is the same whatever --replies is, so a small corpus is a prefix of
a large one.

Each reply is Dutch (50 %), English (30 %) or German (20 %), 40-120 words long, HTML
in a third of the cases, with placeholders in most. About 3 % ASK the reader for
sensitive data; about 5 % MENTION the same terms innocently (warnings, statements,
confirmations). labels.csv says which is which.

Files made (choose some with --only):
  macros    macros.json       one indented Zendesk-macros-like export
  macrosmin macros.min.json   the same export on a single line
  jsonl     replies.jsonl     one object a line
  csv       replies.csv       id,name,language,channel,body
  yaml      rasa/*.yml        Rasa domains, 10 replies a file (REPLIES/50 files)
  flow      flow.json         a 20,000-node chatbot flow with loops (nodes and transitions)
  small     small.yml         20 replies, the pre-commit case
  labels    labels.csv        id,language,kind,term  (kind: ask, mention, none)
  terms     terms.json        the sensitive terms, by language
"""
import argparse
import csv
import html
import json
import os
import random
import sys

# ------------------------------------------------------------------ vocabulary

TERMS = {
    "nl": [
        "IBAN", "IBAN-nummer", "rekeningnummer", "bankrekeningnummer",
        "creditcardnummer", "creditcardgegevens", "kaartnummer", "pasnummer",
        "CVC-code", "beveiligingscode", "pincode", "wachtwoord", "inlogcode",
        "inloggegevens", "verificatiecode", "sms-code", "TAN-code",
        "burgerservicenummer", "BSN", "sofinummer", "paspoortnummer",
        "kopie paspoort", "kopie van uw paspoort", "kopie identiteitsbewijs",
        "kopie van uw identiteitsbewijs", "foto van uw ID-kaart",
        "rijbewijsnummer", "documentnummer", "geboortedatum", "geboorteplaats",
        "DigiD", "DigiD-code", "zorgpolisnummer", "patiëntnummer",
        "medische gegevens", "diagnose", "loonstrook", "bankafschrift",
        "toegangscode", "herstelcode", "meisjesnaam van uw moeder",
    ],
    "en": [
        "account number", "bank account number", "sort code", "routing number",
        "credit card number", "card number", "card details", "debit card number",
        "security code", "CVV", "CVC", "expiry date of your card", "PIN",
        "PIN code", "password", "passcode", "login details", "one-time code",
        "verification code", "OTP", "2FA code", "social security number", "SSN",
        "national insurance number", "passport number", "copy of your passport",
        "copy of your ID", "photo of your ID", "driver's licence number",
        "date of birth", "place of birth", "mother's maiden name",
        "medical history", "health insurance number", "tax ID", "payslip",
        "bank statement", "recovery phrase", "seed phrase", "memorable word",
    ],
    "de": [
        "Kontonummer", "Bankleitzahl", "Bankverbindung", "Kreditkartennummer",
        "Kreditkartendaten", "Kartennummer", "Kartenprüfnummer", "Prüfziffer",
        "Sicherheitscode", "PIN-Nummer", "Geheimzahl", "Passwort", "Kennwort",
        "Zugangsdaten", "Anmeldedaten", "Bestätigungscode", "mTAN", "Einmalcode",
        "Sozialversicherungsnummer", "Steuer-ID", "Steueridentifikationsnummer",
        "Personalausweisnummer", "Ausweisnummer", "Reisepassnummer",
        "Kopie Ihres Ausweises", "Kopie Ihres Personalausweises",
        "Foto Ihres Ausweises", "Führerscheinnummer", "Geburtsdatum",
        "Geburtsort", "Geburtsname", "Mädchenname Ihrer Mutter",
        "Krankenversicherungsnummer", "Versichertennummer", "Gesundheitsdaten",
        "Krankengeschichte", "Gehaltsabrechnung", "Kontoauszug",
        "Wiederherstellungscode",
    ],
}

ASK = {
    "nl": [
        "Stuur ons uw {t} zodat wij u verder kunnen helpen.",
        "Kunt u ons uw {t} doorgeven?",
        "Wat is uw {t}?",
        "Wilt u uw {t} en uw {u} via WhatsApp naar ons sturen?",
        "Om dit op te zoeken hebben wij uw {t} nodig.",
        "Graag ontvangen wij nog uw {t} via deze chat.",
        "Antwoord op dit bericht met uw {t} en postcode.",
        "Vul hieronder uw {t} in.",
        "Zou u zo vriendelijk willen zijn uw {t} te vermelden?",
        "Mag ik uw {t} van u ontvangen ter controle?",
    ],
    "en": [
        "Please send us your {t} so that we can look into this.",
        "Could you share your {t} with us?",
        "What is your {t}?",
        "Please reply with your {t} and your {u}.",
        "To verify you we need your {t}.",
        "Kindly provide your {t} in this chat.",
        "May I have your {t} please?",
        "Enter your {t} below and we will take it from there.",
        "We would need you to confirm your {t} over WhatsApp.",
    ],
    "de": [
        "Bitte senden Sie uns Ihre {t}, damit wir Ihnen helfen können.",
        "Können Sie uns bitte Ihre {t} mitteilen?",
        "Wie lautet Ihre {t}?",
        "Wir benötigen noch Ihre {t} und Ihre {u}.",
        "Antworten Sie einfach mit Ihrer {t}.",
        "Geben Sie hier bitte Ihre {t} ein.",
        "Dürfte ich Sie um Ihre {t} bitten?",
        "Schicken Sie uns kurz Ihre {t} per WhatsApp.",
    ],
}

MENTION = {
    "nl": [
        "Deel nooit uw {t} via WhatsApp.",
        "Wij vragen nooit om uw {t}.",
        "U hoeft uw {t} niet naar ons te sturen.",
        "Stuur ons geen {t} via deze chat.",
        "Uw {t} vindt u terug in Mijn omgeving.",
        "Wij hebben uw {t} in goede orde ontvangen.",
        "Vraagt iemand naar uw {t}? Geef dit dan niet.",
        "U kunt uw {t} zelf wijzigen in de app.",
        "Het bedrag wordt teruggestort; uw {t} is bij ons bekend.",
    ],
    "en": [
        "Never share your {t} over WhatsApp.",
        "We will never ask you for your {t}.",
        "There is no need to send us your {t}.",
        "Please do not send your {t} in this chat.",
        "You can find your {t} in your account settings.",
        "We have received your {t}, thank you.",
        "If anyone asks for your {t}, do not reply.",
        "You can change your {t} yourself in the app.",
    ],
    "de": [
        "Geben Sie Ihre {t} niemals weiter.",
        "Wir fragen Sie nie nach Ihrer {t}.",
        "Sie müssen uns Ihre {t} nicht senden.",
        "Bitte schicken Sie keine {t} über diesen Chat.",
        "Ihre {t} finden Sie in Ihrem Kundenkonto.",
        "Wir haben Ihre {t} erhalten, vielen Dank.",
        "Falls jemand nach Ihrer {t} fragt, antworten Sie nicht.",
        "Ihre {t} können Sie in der App selbst ändern.",
    ],
}

PLAIN = {
    "nl": [
        "Bedankt voor uw bericht over {product}.",
        "Wat vervelend dat uw bestelling {order} nog niet binnen is.",
        "Wij hebben uw vraag op {date} ontvangen en doorgezet naar onze collega's van {team}.",
        "De levertijd is op dit moment ongeveer {days} werkdagen.",
        "U ontvangt vandaag nog een e-mail met een link om het pakket te volgen.",
        "Onze winkel in {city} is geopend van {hour} tot {hour2} uur.",
        "Retourneren kan binnen {days} dagen na ontvangst, ook als de verpakking open is.",
        "Het bedrag van {amount} euro staat binnen {days} werkdagen weer op uw rekening.",
        "U kunt het artikel gratis inleveren bij een servicepunt in {city}.",
        "Helaas kunnen wij deze korting niet combineren met een andere actie.",
        "Start het apparaat opnieuw op en wacht ongeveer {days} minuten.",
        "Controleer daarna of het lampje aan de voorkant groen brandt.",
        "Lukt het niet, laat het ons dan gerust weten in deze chat.",
        "Onze monteur komt langs op {date} tussen {hour} en {hour2} uur.",
        "De garantie op {product} loopt nog tot {date}.",
        "Ik heb een aantekening gemaakt bij uw bestelling {order}.",
        "Een collega van {team} neemt binnen {days} werkdagen contact met u op.",
        "Wij begrijpen dat dit niet is wat u van ons gewend bent.",
        "De storing in de regio {city} is inmiddels verholpen.",
        "U hoeft zelf niets meer te doen.",
        "Als dank voor uw geduld ontvangt u een tegoedbon van {amount} euro.",
        "De handleiding van {product} staat op onze website onder Service.",
        "Wilt u de afspraak verzetten, kies dan een ander moment in de agenda.",
        "Heeft u nog andere vragen over {product}, dan horen wij dat graag.",
        "Het abonnement is maandelijks opzegbaar met een termijn van {days} dagen.",
        "Wij verzenden uw bestelling zodra alle artikelen op voorraad zijn.",
        "De factuur van {date} is inmiddels aangepast naar {amount} euro.",
        "Kies in het menu voor Instellingen en daarna voor Meldingen.",
        "Fijn dat u ons even laat weten dat het pakket er is.",
        "Tijdens de feestdagen zijn wij minder goed bereikbaar dan normaal.",
    ],
    "en": [
        "Thank you for getting in touch about {product}.",
        "We are sorry to hear that order {order} has not arrived yet.",
        "We received your question on {date} and passed it on to our {team} team.",
        "Delivery currently takes about {days} working days.",
        "You will get an email today with a link to follow your parcel.",
        "Our shop in {city} is open from {hour} to {hour2}.",
        "Returns are free within {days} days, even if the box has been opened.",
        "The amount of {amount} euros will be refunded within {days} working days.",
        "You can drop the item off at any service point in {city}.",
        "Unfortunately this discount cannot be combined with another offer.",
        "Restart the device and wait for about {days} minutes.",
        "Then check whether the light on the front is green.",
        "If that does not work, just let us know in this chat.",
        "Our engineer will visit on {date} between {hour} and {hour2}.",
        "The warranty on {product} runs until {date}.",
        "I have added a note to order {order}.",
        "A colleague from {team} will get back to you within {days} working days.",
        "We understand this is not the service you are used to.",
        "The outage in the {city} area has been resolved.",
        "There is nothing else you need to do.",
        "As a thank you for your patience we have added a voucher of {amount} euros.",
        "The manual of {product} is on our website under Support.",
        "To move the appointment, pick another slot in the calendar.",
        "If you have any other questions about {product}, we are happy to help.",
        "The subscription can be cancelled monthly with {days} days notice.",
        "We ship your order as soon as all items are in stock.",
        "The invoice of {date} has been corrected to {amount} euros.",
        "Open the menu, choose Settings and then Notifications.",
    ],
    "de": [
        "Vielen Dank für Ihre Nachricht zu {product}.",
        "Es tut uns leid, dass die Bestellung {order} noch nicht angekommen ist.",
        "Ihre Frage vom {date} haben wir an unser Team {team} weitergeleitet.",
        "Die Lieferzeit beträgt zurzeit etwa {days} Werktage.",
        "Sie erhalten heute noch eine E-Mail mit einem Link zur Sendung.",
        "Unsere Filiale in {city} ist von {hour} bis {hour2} Uhr geöffnet.",
        "Die Rückgabe ist innerhalb von {days} Tagen kostenlos möglich.",
        "Der Betrag von {amount} Euro wird in {days} Werktagen erstattet.",
        "Sie können den Artikel an jeder Annahmestelle in {city} abgeben.",
        "Leider lässt sich dieser Rabatt nicht mit anderen Aktionen kombinieren.",
        "Starten Sie das Gerät neu und warten Sie etwa {days} Minuten.",
        "Prüfen Sie danach, ob die Lampe vorne grün leuchtet.",
        "Falls das nicht hilft, melden Sie sich gern in diesem Chat.",
        "Unser Techniker kommt am {date} zwischen {hour} und {hour2} Uhr.",
        "Die Garantie für {product} gilt noch bis {date}.",
        "Ich habe einen Vermerk bei der Bestellung {order} hinterlegt.",
        "Eine Kollegin aus dem Team {team} meldet sich in {days} Werktagen.",
        "Wir verstehen, dass Sie das von uns nicht gewohnt sind.",
        "Die Störung im Raum {city} ist inzwischen behoben.",
        "Sie müssen sonst nichts weiter tun.",
        "Als Dank für Ihre Geduld erhalten Sie einen Gutschein über {amount} Euro.",
        "Die Anleitung zu {product} steht auf unserer Webseite unter Service.",
        "Um den Termin zu verschieben, wählen Sie bitte ein anderes Datum.",
        "Wir versenden die Bestellung, sobald alle Artikel verfügbar sind.",
        "Die Rechnung vom {date} wurde auf {amount} Euro korrigiert.",
    ],
}

GREET = {
    "nl": ["Beste [[first]],", "Hoi [[first]],", "Goedendag [[first]],", "Geachte klant,"],
    "en": ["Hi [[first]],", "Dear [[first]],", "Hello,", "Good day [[first]],"],
    "de": ["Hallo [[first]],", "Guten Tag [[first]],", "Liebe Kundin, lieber Kunde,"],
}
BYE = {
    "nl": ["Met vriendelijke groet, [[agent]]", "Groetjes, [[agent]] van [[brand]]", "Fijne dag verder!"],
    "en": ["Kind regards, [[agent]]", "Best wishes, [[agent]] at [[brand]]", "Have a lovely day!"],
    "de": ["Mit freundlichen Grüßen, [[agent]]", "Viele Grüße, [[agent]] von [[brand]]"],
}
PRODUCTS = ["de Voltix 300", "SkyRoute Plus", "Bloom & Co Box", "de ThermoFlex-ketel", "NovaMesh",
            "Koffiehoek 2", "TrailPro", "Zonnedak Basis", "FiberGo 500", "Casa Lamp", "HydroSense",
            "PuurBed Deluxe", "MiniMart", "VeloCity E-bike", "het Gezinspakket", "OptiView"]
CITIES = ["Utrecht", "Zwolle", "Gent", "Köln", "Leeds", "Arnhem", "Bremen", "Haarlem", "Antwerpen",
          "Bristol", "Münster", "Breda", "Groningen", "Leuven", "Dresden", "York"]
TEAMS = ["Logistiek", "Facturatie", "Service", "Techniek", "Returns", "Billing", "Versand", "Support"]
MONTHS = {"nl": ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
          "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
          "de": ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]}
TOPICS = ["Levering", "Retour", "Storing", "Factuur", "Afspraak", "Garantie", "Delivery", "Refund",
          "Outage", "Invoice", "Lieferung", "Rückgabe", "Rechnung", "Welkom", "Account", "Opzeggen"]

PLACEHOLDERS = {
    "zendesk": {"first": "{{ticket.requester.first_name}}", "agent": "{{current_user.name}}",
                "brand": "{{ticket.brand.name}}"},
    "rasa": {"first": "{first_name}", "agent": "{agent_name}", "brand": "{brand}"},
    "percent": {"first": "%FIRST_NAME%", "agent": "%AGENT%", "brand": "%BRAND%"},
    "whatsapp": {"first": "{{1}}", "agent": "{{2}}", "brand": "{{3}}"},
}

# ------------------------------------------------------------------ one reply


class Reply:
    __slots__ = ("id", "is_html", "kind", "lang", "layout", "sentences", "term", "topic")


def pick(rng, seq):
    return seq[int(rng.random() * len(seq))]


def fill(rng, template, lang):
    """Replace the {slots} of a plain sentence."""
    if "{" not in template:
        return template
    first = 8 + int(rng.random() * 3)
    return template.format(
        product=pick(rng, PRODUCTS), city=pick(rng, CITIES), team=pick(rng, TEAMS),
        order="%d" % (10_000_000 + int(rng.random() * 89_999_999)),
        days=2 + int(rng.random() * 28),
        date="%d %s" % (1 + int(rng.random() * 28), pick(rng, MONTHS[lang])),
        amount="%d,%02d" % (5 + int(rng.random() * 240), int(rng.random() * 100)),
        hour="%d:00" % first, hour2="%d:00" % (first + 8))


def make_reply(seed, i):
    rng = random.Random("%s:%d" % (seed, i))
    r = Reply()
    r.id = i
    x = rng.random()
    r.lang = lang = "nl" if x < 0.5 else "en" if x < 0.8 else "de"
    x = rng.random()
    r.kind = "ask" if x < 0.03 else "mention" if x < 0.08 else "none"
    r.is_html = rng.random() < 1 / 3
    r.topic = pick(rng, TOPICS)
    r.layout = int(rng.random() * 3)
    r.term = ""
    want = 42 + int(rng.random() * 56)
    body = [pick(rng, GREET[lang])]
    words = len(body[0].split())
    while words < want - 4:
        s = fill(rng, pick(rng, PLAIN[lang]), lang)
        body.append(s)
        words += len(s.split())
    if r.kind != "none":
        r.term = pick(rng, TERMS[lang])
        bank = ASK if r.kind == "ask" else MENTION
        s = pick(rng, bank[lang]).format(t=r.term, u=pick(rng, TERMS[lang]))
        body.insert(1 + int(rng.random() * len(body)), s)
    body.append(pick(rng, BYE[lang]))
    r.sentences = body
    return r


def render(r, style):
    """The text of a reply, with the placeholders of one product."""
    if r.is_html:
        parts = []
        for s in r.sentences:
            s = html.escape(s, quote=False).replace("ë", "&euml;" if r.layout == 0 else "ë")
            if r.term and r.layout != 1:
                s = s.replace(" " + r.term, " <strong>%s</strong>" % r.term)
            parts.append(s)
        if r.layout == 0:
            text = "<p>" + "</p>\n<p>".join(parts) + "</p>"
        elif r.layout == 1:
            text = "<div>" + "<br>".join(parts) + "</div>"
        else:
            text = "<p>%s</p><ul><li>%s</li></ul><p>%s</p>" % (
                parts[0], "</li><li>".join(parts[1:-1]), parts[-1].replace(", ", ",&nbsp;", 1))
    elif r.layout == 0:
        text = r.sentences[0] + "\n\n" + " ".join(r.sentences[1:-1]) + "\n\n" + r.sentences[-1]
    elif r.layout == 1:
        text = "\n".join(r.sentences)
    else:
        text = " ".join(r.sentences)
    for key, value in PLACEHOLDERS[style].items():
        text = text.replace("[[%s]]" % key, value)
    return text


# ------------------------------------------------------------------ the formats


def title(r):
    return "%s::%s::%06d" % (r.lang.upper(), r.topic, r.id)


def zendesk_macro(r):
    return {
        "url": "https://example.test/api/v2/macros/%d.json" % (360_000_000 + r.id),
        "id": 360_000_000 + r.id,
        "title": title(r),
        "active": True,
        "created_at": "2024-03-%02dT09:%02d:00Z" % (1 + r.id % 28, r.id % 60),
        "updated_at": "2025-09-%02dT14:%02d:00Z" % (1 + r.id % 28, r.id % 60),
        "position": r.id,
        "description": None,
        "actions": [
            {"field": "comment_value_html" if r.is_html else "comment_value",
             "value": ["channel:whatsapp", render(r, "zendesk")] if r.id % 4 == 0 else render(r, "zendesk")},
            {"field": "status", "value": "pending"},
            {"field": "current_tags", "value": "macro_%s" % r.topic.lower()},
        ],
        "restriction": None,
    }


def write_macros(path, replies, indent):
    """One JSON document, written piece by piece so that memory stays flat."""
    with open(path, "w", encoding="utf-8") as f:
        n = 0
        pad = "\n" + " " * (2 * indent) if indent else ""
        f.write('{%s"macros": [' % ("\n" + " " * indent if indent else ""))
        for r in replies:
            f.write(("," if n else "") + pad)
            text = json.dumps(zendesk_macro(r), ensure_ascii=False, indent=indent)
            f.write(text.replace("\n", pad) if indent else text)
            n += 1
        tail = "\n" + " " * indent if indent else ""
        f.write('%s],%s"next_page": null,%s"previous_page": null,%s"count": %d%s}\n'
                % (tail, tail, tail, tail, n, "\n" if indent else ""))


def write_jsonl(path, replies):
    with open(path, "w", encoding="utf-8") as f:
        for r in replies:
            row = {"id": r.id, "name": title(r), "language": r.lang, "channel": "whatsapp",
                   "format": "html" if r.is_html else "text", "body": render(r, "whatsapp")}
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_csv(path, replies):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "name", "language", "channel", "body"])
        for r in replies:
            out.writerow([r.id, title(r), r.lang, "whatsapp", render(r, "percent")])


def yaml_reply(r):
    text = render(r, "rasa")
    lines = ["  utter_%s_%06d:" % (r.topic.lower().replace("ü", "ue"), r.id)]
    if "\n" in text:
        lines.append("  - text: |")
        lines += [("      " + line) if line else "" for line in text.split("\n")]
    elif r.id % 2:
        lines.append("  - text: " + json.dumps(text, ensure_ascii=False))
    else:
        lines.append("  - text: >-")
        words, line = text.split(" "), "     "
        for w in words:
            if len(line) + len(w) > 96:
                lines.append(line)
                line = "     "
            line += " " + w
        lines.append(line)
    if r.id % 3 == 0:
        lines += ["    channel: whatsapp"]
    if r.id % 5 == 0:
        lines += ["    buttons:", '    - title: "OK"', '      payload: "/affirm"',
                  '    - title: "Stop"', '      payload: "/deny"']
    return lines


def write_domain(path, replies):
    lines = ['version: "3.1"', "", "# Responses of one topic; intents live elsewhere.", "responses:"]
    for r in replies:
        lines += yaml_reply(r) + [""]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


def write_flow(path, replies):
    """A flow in neverask's own format: every step goes on to the next and, as a fallback, far away."""
    steps = []
    n = len(replies)
    for r in replies:
        number = r.id % n
        asks = number % 5 == 0
        step = {"id": "node_%05d" % number, "note": title(r), "ask" if asks else "say": render(r, "rasa")}
        if asks:
            step["capture"] = "answer_%d" % number
        step["goto"] = ["node_%05d" % ((number + 1) % n),
                        {"if": "the customer says something else", "to": "node_%05d" % ((number * 7 + 3) % n)}]
        steps.append(step)
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"flow": "synthetic", "channel": "whatsapp", "start": "node_00000", "steps": steps}, f,
                  ensure_ascii=False, indent=2)
        f.write("\n")


def write_labels(path, replies):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["id", "language", "kind", "term"])
        for r in replies:
            out.writerow([r.id, r.lang, r.kind, r.term])


NAMES = ["macros", "macrosmin", "jsonl", "csv", "yaml", "flow", "small", "labels", "terms"]


def main(argv=None):
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("out")
    ap.add_argument("--seed", type=int, default=20)
    ap.add_argument("--replies", type=int, default=100_000)
    ap.add_argument("--only", default=",".join(NAMES))
    args = ap.parse_args(argv)
    only = args.only.split(",")
    unknown = set(only) - set(NAMES)
    if unknown:
        ap.error("unknown corpus: " + ", ".join(sorted(unknown)))
    os.makedirs(args.out, exist_ok=True)

    def at(name):
        return os.path.join(args.out, name)

    def replies(count=args.replies, start=0):
        return (make_reply(args.seed, i) for i in range(start, start + count))

    if "macros" in only:
        write_macros(at("macros.json"), replies(), 2)
    if "macrosmin" in only:
        write_macros(at("macros.min.json"), replies(), None)
    if "jsonl" in only:
        write_jsonl(at("replies.jsonl"), replies())
    if "csv" in only:
        write_csv(at("replies.csv"), replies())
    if "yaml" in only:
        files = max(1, args.replies // 50)
        for k in range(files):
            folder = at(os.path.join("rasa", "topic_%02d" % (k % 20)))
            os.makedirs(folder, exist_ok=True)
            write_domain(os.path.join(folder, "domain_%05d.yml" % k), replies(10, 10 * k))
    if "flow" in only:
        write_flow(at("flow.json"), list(replies(20_000)))
    if "small" in only:
        # Any 20 replies that hold at least one of each kind.
        start = 0
        while {r.kind for r in replies(20, start)} != {"ask", "mention", "none"}:
            start += 20
        write_domain(at("small.yml"), replies(20, start))
    if "labels" in only:
        write_labels(at("labels.csv"), replies())
    if "terms" in only:
        with open(at("terms.json"), "w", encoding="utf-8") as f:
            json.dump(TERMS, f, ensure_ascii=False, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
