"""The messages as shipped, in every language that creators are written to in.

A client may save its own in their place. Variables stand in braces (`rules.messages`).
"""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a message is for."""

    REQUEST = "request"
    RENEWAL = "renewal"
    REMINDER = "reminder"


def kind_to_send(*, has_end: bool, asked_before: bool) -> Kind:
    """What the next message to a creator says: of a permission that ends, of one that there is not
    yet, or that an answer is still waited for."""
    if asked_before:
        return Kind.REMINDER
    return Kind.RENEWAL if has_end else Kind.REQUEST


class Words(NamedTuple):
    """A message; `subject` is used by e-mail only."""

    subject: str
    body: str


class Phrases(NamedTuple):
    """Words that variables are made of. `own_page` stands before the address of the creator's own
    page; `how_to` is the way to a code in the app, where there is no such page. It may hold {days}.
    """

    language: str
    day: str
    days: str
    as_before: str
    no_spend: str
    own_page: str
    how_to: str


DEFAULT_LANGUAGE = "en"

PHRASES: dict[str, Phrases] = {
    "en": Phrases(
        "English", "day", "days", "as agreed", "none yet",
        "Terms, pictures of each step and a place for the code are on your own page, no"
        " account needed:",
        "In the TikTok app: open the post, tap the three dots, Ad settings, switch on Ad"
        " authorization, choose at least {days}, then Generate code and Copy code. Please send us"
        " the code in reply.",
    ),
    "es": Phrases(
        "Spanish", "día", "días", "como acordamos", "ninguno todavía",
        "Las condiciones, cada paso con imágenes y dónde pegar el código están en tu propia"
        " página, sin cuenta:",
        "En la app de TikTok: abre la publicación, toca los tres puntos, Configuración de"
        " anuncios, activa la autorización de anuncios, elige al menos {days} y luego Generar"
        " código y Copiar código. Envíanos el código como respuesta, por favor.",
    ),
    "id": Phrases(
        "Indonesian", "hari", "hari", "sesuai kesepakatan", "belum ada",
        "Ketentuan, gambar setiap langkah, dan tempat untuk kodenya ada di halamanmu sendiri,"
        " tanpa akun:",
        "Di aplikasi TikTok: buka postingan, ketuk tiga titik, Pengaturan iklan, aktifkan"
        " Otorisasi iklan, pilih minimal {days}, lalu Buat kode dan Salin kode. Mohon kirimkan"
        " kodenya dengan membalas pesan ini.",
    ),
    "vi": Phrases(
        "Vietnamese", "ngày", "ngày", "như đã thỏa thuận", "chưa có",
        "Điều khoản, hình minh họa từng bước và chỗ dán mã đều có trên trang riêng của bạn,"
        " không cần tài khoản:",
        "Trong ứng dụng TikTok: mở bài đăng, chạm vào dấu ba chấm, Cài đặt quảng cáo, bật Ủy"
        " quyền quảng cáo, chọn ít nhất {days}, sau đó chọn Tạo mã và Sao chép mã. Vui lòng gửi"
        " mã cho chúng tôi bằng cách trả lời tin nhắn này.",
    ),
    "th": Phrases(
        "Thai", "วัน", "วัน", "ตามที่ตกลงกันไว้", "ยังไม่มี",
        "ข้อตกลง ภาพทุกขั้นตอน และช่องสำหรับวางรหัสอยู่ในหน้าของคุณเอง ไม่ต้องมีบัญชี:",
        "ในแอป TikTok: เปิดโพสต์ แตะจุดสามจุด เลือกการตั้งค่าโฆษณา เปิดการอนุญาตให้ใช้ในโฆษณา"
        " เลือกอย่างน้อย {days} จากนั้นแตะสร้างรหัสและคัดลอกรหัส แล้วส่งรหัสตอบกลับมาให้เรา",
    ),
    "de": Phrases(
        "German", "Tag", "Tage", "wie vereinbart", "noch keine",
        "Bedingungen, Bilder zu jedem Schritt und ein Feld für den Code findest du auf deiner"
        " eigenen Seite, ganz ohne Konto:",
        "In der TikTok-App: Beitrag öffnen, auf die drei Punkte tippen, Anzeigeneinstellungen,"
        " Anzeigenautorisierung einschalten, mindestens {days} wählen, dann Code generieren und"
        " Code kopieren. Bitte schick uns den Code als Antwort.",
    ),
    "fr": Phrases(
        "French", "jour", "jours", "comme convenu", "aucune pour l'instant",
        "Les conditions, chaque étape en images et l'endroit où coller le code sont sur ta"
        " propre page, sans compte :",
        "Dans l'application TikTok : ouvre la publication, touche les trois points, Paramètres"
        " publicitaires, active l'autorisation publicitaire, choisis au moins {days}, puis Générer"
        " le code et Copier le code. Envoie-nous le code en réponse, s'il te plaît.",
    ),
    "it": Phrases(
        "Italian", "giorno", "giorni", "come concordato", "ancora nessuna",
        "Condizioni, immagini di ogni passaggio e lo spazio per il codice sono sulla tua"
        " pagina personale, senza account:",
        "Nell'app di TikTok: apri il post, tocca i tre puntini, Impostazioni annuncio, attiva"
        " l'autorizzazione per gli annunci, scegli almeno {days}, poi Genera codice e Copia codice."
        " Inviaci il codice in risposta, per favore.",
    ),
    "pt": Phrases(
        "Portuguese", "dia", "dias", "como combinado", "ainda nenhum",
        "As condições, imagens de cada passo e o lugar para colar o código estão na sua"
        " própria página, sem precisar de conta:",
        "No app do TikTok: abra a publicação, toque nos três pontos, Configurações de anúncio,"
        " ative a autorização de anúncios, escolha pelo menos {days} e depois Gerar código e Copiar"
        " código. Por favor, envie o código como resposta.",
    ),
}  # fmt: skip

_R, _N, _M = Kind.REQUEST, Kind.RENEWAL, Kind.REMINDER

SHIPPED: dict[str, dict[Kind, Words]] = {
    "en": {
        _R: Words(
            "{brand}: may we run your post as an ad?",
            "Hi {creator}, {brand} would like to run your post {post} as an ad. Could you"
            " authorize it for {days}? Fee: {price}.\n\n{link}\n\nThank you, {brand}",
        ),
        _N: Words(
            "{brand}: your ad authorization ends on {until}",
            "Hi {creator}, the ad authorization of your post {post} ends on {until} ({days_left}"
            " left). Ad spend a day: {spend}. We would like to go on for {days}, until"
            " {new_until}. Fee: {price}.\n\n{link}\n\nThank you, {brand}",
        ),
        _M: Words(
            "{brand}: a reminder about your post",
            "Hi {creator}, a short reminder: we are waiting for the ad authorization of your post"
            " {post} for {days}. Fee: {price}.\n\n{link}\n\nThank you, {brand}",
        ),
    },
    "es": {
        _R: Words(
            "{brand}: ¿podemos usar tu publicación como anuncio?",
            "Hola {creator}, a {brand} le gustaría usar tu publicación {post} como anuncio."
            " ¿Podrías autorizarla por {days}? Pago: {price}.\n\n{link}\n\nGracias, {brand}",
        ),
        _N: Words(
            "{brand}: tu autorización de anuncio termina el {until}",
            "Hola {creator}, la autorización de anuncio de tu publicación {post} termina el {until}"
            " (quedan {days_left}). Gasto diario del anuncio: {spend}. Nos gustaría seguir {days},"
            " hasta el {new_until}. Pago: {price}.\n\n{link}\n\nGracias, {brand}",
        ),
        _M: Words(
            "{brand}: un recordatorio sobre tu publicación",
            "Hola {creator}, un breve recordatorio: esperamos la autorización de anuncio de tu"
            " publicación {post} por {days}. Pago: {price}.\n\n{link}\n\nGracias, {brand}",
        ),
    },
    "id": {
        _R: Words(
            "{brand}: bolehkah kami mengiklankan postinganmu?",
            "Hai {creator}, {brand} ingin menjadikan postinganmu {post} sebagai iklan. Bisakah"
            " kamu mengizinkannya selama {days}? Bayaran: {price}.\n\n{link}\n\nTerima kasih,"
            " {brand}",
        ),
        _N: Words(
            "{brand}: izin iklanmu berakhir pada {until}",
            "Hai {creator}, izin iklan untuk postinganmu {post} berakhir pada {until} (tersisa"
            " {days_left}). Pengeluaran iklan per hari: {spend}. Kami ingin melanjutkan selama"
            " {days}, sampai {new_until}. Bayaran: {price}.\n\n{link}\n\nTerima kasih, {brand}",
        ),
        _M: Words(
            "{brand}: pengingat tentang postinganmu",
            "Hai {creator}, sekadar mengingatkan: kami menunggu izin iklan untuk postinganmu {post}"
            " selama {days}. Bayaran: {price}.\n\n{link}\n\nTerima kasih, {brand}",
        ),
    },
    "vi": {
        _R: Words(
            "{brand}: chúng tôi có thể chạy quảng cáo bài đăng của bạn không?",
            "Chào {creator}, {brand} muốn dùng bài đăng {post} của bạn làm quảng cáo. Bạn có thể ủy"
            " quyền trong {days} không? Thù lao: {price}.\n\n{link}\n\nCảm ơn bạn, {brand}",
        ),
        _N: Words(
            "{brand}: ủy quyền quảng cáo của bạn kết thúc ngày {until}",
            "Chào {creator}, ủy quyền quảng cáo cho bài đăng {post} của bạn kết thúc ngày {until}"
            " (còn {days_left}). Chi phí quảng cáo mỗi ngày: {spend}. Chúng tôi muốn tiếp tục thêm"
            " {days}, đến {new_until}. Thù lao: {price}.\n\n{link}\n\nCảm ơn bạn, {brand}",
        ),
        _M: Words(
            "{brand}: nhắc bạn về bài đăng",
            "Chào {creator}, xin nhắc nhẹ: chúng tôi đang chờ ủy quyền quảng cáo cho bài đăng"
            " {post} của bạn trong {days}. Thù lao: {price}.\n\n{link}\n\nCảm ơn bạn, {brand}",
        ),
    },
    "th": {
        _R: Words(
            "{brand}: ขอใช้โพสต์ของคุณเป็นโฆษณาได้ไหม",
            "สวัสดีคุณ {creator} ทาง {brand} อยากใช้โพสต์ {post} ของคุณเป็นโฆษณา"
            " ช่วยอนุญาตเป็นเวลา {days} ได้ไหม ค่าตอบแทน: {price}\n\n{link}\n\nขอบคุณ {brand}",
        ),
        _N: Words(
            "{brand}: การอนุญาตโฆษณาของคุณสิ้นสุดวันที่ {until}",
            "สวัสดีคุณ {creator} การอนุญาตโฆษณาของโพสต์ {post} จะสิ้นสุดวันที่ {until}"
            " (เหลือ {days_left}) ค่าโฆษณาต่อวัน: {spend} เราอยากใช้ต่ออีก {days}"
            " จนถึง {new_until} ค่าตอบแทน: {price}\n\n{link}\n\nขอบคุณ {brand}",
        ),
        _M: Words(
            "{brand}: แจ้งเตือนเกี่ยวกับโพสต์ของคุณ",
            "สวัสดีคุณ {creator} ขอแจ้งเตือนว่าเรากำลังรอการอนุญาตโฆษณาของโพสต์ {post}"
            " เป็นเวลา {days} ค่าตอบแทน: {price}\n\n{link}\n\nขอบคุณ {brand}",
        ),
    },
    "de": {
        _R: Words(
            "{brand}: Dürfen wir deinen Beitrag als Anzeige zeigen?",
            "Hallo {creator}, {brand} möchte deinen Beitrag {post} als Anzeige zeigen. Kannst du"
            " ihn dafür freigeben (Dauer: {days})? Vergütung: {price}.\n\n{link}\n\nVielen Dank,"
            " {brand}",
        ),
        _N: Words(
            "{brand}: Deine Anzeigenfreigabe endet am {until}",
            "Hallo {creator}, die Anzeigenfreigabe für deinen Beitrag {post} endet am {until} (noch"
            " {days_left}). Anzeigenausgaben am Tag: {spend}. Wir möchten gern weitermachen:"
            " {days}, bis {new_until}. Vergütung: {price}.\n\n{link}\n\nVielen Dank, {brand}",
        ),
        _M: Words(
            "{brand}: eine Erinnerung an deinen Beitrag",
            "Hallo {creator}, eine kurze Erinnerung: Wir warten auf die Anzeigenfreigabe für deinen"
            " Beitrag {post} (Dauer: {days}). Vergütung: {price}.\n\n{link}\n\nVielen Dank,"
            " {brand}",
        ),
    },
    "fr": {
        _R: Words(
            "{brand} : pouvons-nous diffuser ta publication en publicité ?",
            "Bonjour {creator}, {brand} aimerait diffuser ta publication {post} en publicité."
            " Peux-tu l'autoriser pour {days} ? Rémunération : {price}.\n\n{link}\n\nMerci,"
            " {brand}",
        ),
        _N: Words(
            "{brand} : ton autorisation publicitaire se termine le {until}",
            "Bonjour {creator}, l'autorisation publicitaire de ta publication {post} se termine le"
            " {until} (il reste {days_left}). Dépense publicitaire par jour : {spend}. Nous"
            " aimerions continuer {days}, jusqu'au {new_until}. Rémunération : {price}.\n\n{link}"
            "\n\nMerci, {brand}",
        ),
        _M: Words(
            "{brand} : un rappel pour ta publication",
            "Bonjour {creator}, un petit rappel : nous attendons l'autorisation publicitaire de ta"
            " publication {post} pour {days}. Rémunération : {price}.\n\n{link}\n\nMerci, {brand}",
        ),
    },
    "it": {
        _R: Words(
            "{brand}: possiamo usare il tuo post come annuncio?",
            "Ciao {creator}, {brand} vorrebbe usare il tuo post {post} come annuncio. Puoi"
            " autorizzarlo per {days}? Compenso: {price}.\n\n{link}\n\nGrazie, {brand}",
        ),
        _N: Words(
            "{brand}: la tua autorizzazione scade il {until}",
            "Ciao {creator}, l'autorizzazione per il tuo post {post} scade il {until} (mancano"
            " {days_left}). Spesa pubblicitaria al giorno: {spend}. Vorremmo continuare per {days},"
            " fino al {new_until}. Compenso: {price}.\n\n{link}\n\nGrazie, {brand}",
        ),
        _M: Words(
            "{brand}: un promemoria per il tuo post",
            "Ciao {creator}, un breve promemoria: aspettiamo l'autorizzazione per il tuo post"
            " {post} per {days}. Compenso: {price}.\n\n{link}\n\nGrazie, {brand}",
        ),
    },
    "pt": {
        _R: Words(
            "{brand}: podemos usar a sua publicação como anúncio?",
            "Oi {creator}, a {brand} gostaria de usar a sua publicação {post} como anúncio. Você"
            " pode autorizar por {days}? Pagamento: {price}.\n\n{link}\n\nObrigado, {brand}",
        ),
        _N: Words(
            "{brand}: a sua autorização de anúncio termina em {until}",
            "Oi {creator}, a autorização de anúncio da sua publicação {post} termina em {until}"
            " (faltam {days_left}). Gasto diário do anúncio: {spend}. Gostaríamos de continuar por"
            " {days}, até {new_until}. Pagamento: {price}.\n\n{link}\n\nObrigado, {brand}",
        ),
        _M: Words(
            "{brand}: um lembrete sobre a sua publicação",
            "Oi {creator}, um breve lembrete: estamos esperando a autorização de anúncio da sua"
            " publicação {post} por {days}. Pagamento: {price}.\n\n{link}\n\nObrigado, {brand}",
        ),
    },
}
