// How the chat client looks: every colour and measure is a token of the house style, which an organisation sets in one file.
(function () {
  'use strict';

  const STYLE = {
    rootHeight: '100%',
    backgroundColor: 'transparent',
    primaryFont: 'inherit',
    fontSizeSmall: '0.875em',
    accent: 'var(--utrecht-button-primary-action-background-color)',
    subtle: 'var(--utrecht-paragraph-small-color)',
    paddingRegular: 12,
    paddingWide: 16,
    transcriptActivityVisualKeyboardIndicatorColor: 'var(--utrecht-focus-outline-color)',
    transcriptActivityVisualKeyboardIndicatorWidth: 3,
    transcriptVisualKeyboardIndicatorColor: 'var(--utrecht-focus-outline-color)',
    transcriptVisualKeyboardIndicatorWidth: 3,

    botAvatarImage: '/static/pluis.svg',
    botAvatarInitials: '',
    botAvatarBackgroundColor: 'transparent',
    avatarBorderRadius: 0,
    avatarSize: 30,
    bubbleBackground: 'var(--utrecht-surface-background-color)',
    bubbleBorderColor: 'var(--utrecht-separator-color)',
    bubbleBorderRadius: 'var(--pluis-message-border-radius)',
    bubbleBorderWidth: 1,
    bubbleTextColor: 'var(--utrecht-document-color)',
    bubbleMaxWidth: 620,
    bubbleMinHeight: 0,
    bubbleFromUserBackground: 'var(--pluis-own-message-background-color)',
    bubbleFromUserBorderColor: 'var(--pluis-own-message-background-color)',
    bubbleFromUserBorderRadius: 'var(--pluis-message-border-radius)',
    bubbleFromUserBorderWidth: 1,
    bubbleFromUserTextColor: 'var(--pluis-own-message-color)',
    messageActivityWordBreak: 'break-word',
    markdownRenderHTML: false,
    timestampColor: 'var(--utrecht-paragraph-small-color)',
    groupTimestamp: 300000,

    hideUploadButton: true,
    disableFileUpload: true,
    sendBoxBackground: 'var(--utrecht-surface-background-color)',
    sendBoxTextColor: 'var(--utrecht-document-color)',
    sendBoxPlaceholderColor: 'var(--utrecht-paragraph-small-color)',
    sendBoxBorderTop: 'solid 1px var(--utrecht-form-control-border-color)',
    sendBoxHeight: 56,
    sendBoxMaxHeight: 220,
    sendBoxTextWrap: true,
    sendBoxButtonColor: 'var(--utrecht-button-primary-action-background-color)',
    sendBoxButtonColorOnHover: 'var(--utrecht-document-color)',
    sendBoxButtonColorOnFocus: 'var(--utrecht-document-color)',
    sendBoxButtonColorOnActive: 'var(--utrecht-document-color)',
    sendBoxButtonColorOnDisabled: 'var(--utrecht-form-control-border-color)',

    autoScrollSnapOnPage: true, // a long advice is read from its beginning
    suggestedActionLayout: 'flow',
    suggestedActionsFlowMaxHeight: undefined,
    suggestedActionHeight: 'auto',
    suggestedActionBorderRadius: 'var(--utrecht-button-border-radius)',
    suggestedActionBorderWidth: 1,
    suggestedActionBackgroundColor: 'var(--utrecht-surface-background-color)',
    suggestedActionBorderColor: 'var(--utrecht-button-secondary-action-border-color)',
    suggestedActionTextColor: 'var(--utrecht-button-secondary-action-color)',
    suggestedActionBackgroundColorOnHover: 'var(--utrecht-button-secondary-action-hover-background-color)',
    suggestedActionBackgroundColorOnFocus: 'var(--utrecht-button-secondary-action-hover-background-color)',
    suggestedActionBackgroundColorOnActive: 'var(--utrecht-button-secondary-action-hover-background-color)',
    suggestedActionBorderColorOnHover: 'var(--utrecht-button-secondary-action-border-color)',
    suggestedActionTextColorOnHover: 'var(--utrecht-document-color)',
    suggestedActionTextColorOnFocus: 'var(--utrecht-document-color)',
    suggestedActionKeyboardFocusIndicatorBorderColor: 'var(--utrecht-focus-outline-color)',
    suggestedActionKeyboardFocusIndicatorBorderWidth: 3,
    suggestedActionKeyboardFocusIndicatorInset: -4,

    scrollToEndButtonBehavior: 'any', // the buttons are always in sight: what they answer is one step away
    scrollToEndButtonFontSize: '0.9375em',
    transcriptOverlayButtonBackground: 'var(--utrecht-button-primary-action-background-color)',
    transcriptOverlayButtonBackgroundOnFocus: 'var(--utrecht-button-primary-action-hover-background-color)',
    transcriptOverlayButtonBackgroundOnHover: 'var(--utrecht-button-primary-action-hover-background-color)',
    transcriptOverlayButtonColor: 'var(--utrecht-button-primary-action-color)',
    transcriptOverlayButtonColorOnFocus: 'var(--utrecht-button-primary-action-color)',
    transcriptOverlayButtonColorOnHover: 'var(--utrecht-button-primary-action-color)',
    cardEmphasisBackgroundColor: 'var(--utrecht-document-background-color)',
    cardPushButtonBackgroundColor: 'var(--utrecht-button-primary-action-background-color)',
    cardPushButtonTextColor: 'var(--utrecht-button-primary-action-color)',
    notificationText: 'var(--utrecht-document-color)',
    toasterMaxHeight: '40%',
    toastErrorBackgroundColor: 'var(--utrecht-alert-warning-background-color)',
    toastErrorColor: 'var(--utrecht-document-color)',
    toastInfoBackgroundColor: 'var(--utrecht-alert-ok-background-color)',
    toastInfoColor: 'var(--utrecht-document-color)',
    toastWarnBackgroundColor: 'var(--utrecht-alert-warning-background-color)',
    toastWarnColor: 'var(--utrecht-document-color)',
    typingAnimationDuration: 8000,
  };

  if (window.matchMedia('(max-width: 40rem)').matches) STYLE.botAvatarInitials = undefined; // no room for it

  const ink = { default: 'var(--utrecht-document-color)', subtle: 'var(--utrecht-paragraph-small-color)' };
  const colours = Object.fromEntries(
    ['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'].map((name) => [name, ink])
  );
  const CARDS = {
    supportsInteractivity: true,
    fontFamily: 'inherit',
    fontSizes: { small: 14, default: 16, medium: 17, large: 20, extraLarge: 24 },
    containerStyles: {
      default: { backgroundColor: 'transparent', foregroundColors: colours },
      emphasis: { backgroundColor: 'transparent', foregroundColors: colours },
      good: { backgroundColor: 'var(--utrecht-alert-ok-background-color)', foregroundColors: colours },
      accent: { backgroundColor: 'var(--utrecht-alert-warning-background-color)', foregroundColors: colours },
    },
    inputs: { label: { requiredInputs: { weight: 'Bolder' }, optionalInputs: { weight: 'Bolder' } } },
    actions: {
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      maxActions: 5,
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 0 },
    },
  };

  window.Pluis = Object.assign(window.Pluis || {}, { style: STYLE, cards: CARDS });
})();
