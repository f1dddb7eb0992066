"""Domains that are nobody's own: e-mail that anybody can have, sites that are many people's, and the ends that all addresses share.

Small on purpose. What is missing here is caught by two other rules: a domain that several organizations list is nobody's, and a
reviewer decides on all that is not sure.
"""

from __future__ import annotations

from typing import Final


def _each(text: str) -> frozenset[str]:
    return frozenset(text.split())


PUBLIC_MAIL: Final = _each(
    """
    1and1.com aim.com aol.co.uk aol.com att.net blueyonder.co.uk btconnect.com btinternet.com btopenworld.com cjsm.net comcast.net
    duck.com email.com fastmail.com fastmail.fm fsmail.net gmail.com gmx.co.uk gmx.com gmx.de gmx.net googlemail.com hey.com
    hotmail.co.uk hotmail.com hotmail.fr hushmail.com icloud.com inbox.com libero.it live.co.uk live.com lycos.co.uk mac.com mail.com
    mail.ru me.com msn.com nhs.net ntlworld.com o2.co.uk o2.pl onet.pl orange.fr orange.net outlook.com pm.me proton.me protonmail.com
    qq.com rediffmail.com rocketmail.com sky.com supanet.com talk21.com talktalk.net tesco.net tiscali.co.uk tutanota.com uwclub.net
    virgin.net virginmedia.com wanadoo.fr web.de wp.pl yahoo.co.in yahoo.co.uk yahoo.com yahoo.fr yandex.com yandex.ru ymail.com
    zoho.com zohomail.com
    """
)
SHARED_SITES: Final = _each(
    """
    000webhostapp.com bandcamp.com bigcartel.com blogspot.co.uk blogspot.com btck.co.uk carrd.co charity.org.uk churchsuite.com
    e-voice.org.uk eventbrite.co.uk eventbrite.com facebook.com fb.com fb.me fly.dev github.com github.io gitlab.io glitch.me
    godaddysites.com google.com herokuapp.com hugofox.com instagram.com jimdo.com jimdofree.com jimdosite.com justgiving.com linkedin.com
    linktr.ee meetup.com myfreesites.net mystrikingly.com netlify.app nextdoor.co.uk onedrive.com onrender.com pages.dev pitchero.com
    primarysite.net sharepoint.com shopify.com myshopify.com site123.me spond.com squarespace.com substack.com teamapp.com tiktok.com
    tumblr.com twitter.com vercel.app voice.org.uk wa.me web.app webador.co.uk webflow.io webnode.co.uk webs.com weebly.com whatsapp.com
    wixsite.com wix.com wordpress.com workers.dev x.com yolasite.com youtube.com youtu.be
    """
)
ENDS: Final = _each(  # the second part of an end such as .org.uk or .com.au
    "ac co com edu firm gen go gob gouv gov gv id ind info ltd me mil mod ne net nhs nic nom org or plc police sch"
)
DEEP_ENDS: Final = frozenset({"sch.uk"})  # ends that have a place of their own in between: name.borough.sch.uk


def is_shared(domain: str) -> bool:
    """Whether a domain (lower case, in the letters of the network) is no single organization's: an end, or below what many share."""
    labels = domain.split(".")
    return _is_end(labels) or any(".".join(labels[start:]) in PUBLIC_MAIL | SHARED_SITES for start in range(len(labels)))


def _is_end(labels: list[str]) -> bool:
    if len(labels) < 2:
        return True
    if ".".join(labels[-2:]) in DEEP_ENDS:
        return len(labels) < 4
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in ENDS
